import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One real search node in this process, on loopback alone; ends when its standard input closes, so that no
 * node outlives the tests that started it. Arguments: home, HTTP port, transport port, all transport ports.
 */
public final class TestNode extends Node {
    private TestNode(Environment environment) {
        super(
            environment,
            List.of(Netty4Plugin.class, CommonAnalysisPlugin.class, PainlessPlugin.class, ReindexPlugin.class),
            false
        );
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Files.createDirectories(home.resolve("config"));
        String name = "node-" + arguments[1];
        String[] transports = arguments[3].split(",");
        Settings settings = Settings.builder()
            .put("path.home", home)
            .put("node.name", name)
            .put("cluster.name", "policy-search-tests")
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[1])
            .put("transport.port", arguments[2])
            .put("transport.type", "netty4")
            .put("http.type", "netty4")
            .putList("discovery.seed_hosts", java.util.Arrays.stream(transports).map(port -> "127.0.0.1:" + port).toList())
            .putList("cluster.initial_cluster_manager_nodes", arguments[4].split(","))
            .put("node.store.allow_mmap", false) // many test machines limit the number of maps
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .put("cluster.fault_detection.leader_check.interval", "500ms") // a dead node is noticed in seconds, not half a minute
            .put("cluster.fault_detection.follower_check.interval", "500ms")
            .put("processors", 1)
            .build();
        Environment environment =
            InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> name);
        try (TestNode node = new TestNode(environment)) {
            node.start();
            System.out.println("started");
            while (System.in.read() >= 0) {
                // Nothing is said to us; we wait for the end.
            }
        }
    }
}
