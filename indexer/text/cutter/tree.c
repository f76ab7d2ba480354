/* How a dictionary becomes a tree. */
#include "tree.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *at; /* UTF-8 */
    Py_ssize_t place; /* among all lines: of two for a word the later counts */
    double frequency;
    int characters;
} Word;

/* Read a character of three bytes; below 0 or from HAN on it is none that is cut. */
static inline int
character_at(const char *at)
{
    return ((at[0] & 0xF) << 12 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F)) - FIRST_HAN;
}

static int
add_node(Tree *tree, uint32_t parent, uint16_t character)
{
    if (tree->count == tree->room) {
        uint32_t room = tree->room ? 2 * tree->room : 1u << 19;
        Node *nodes = room > 1u << NODE_BITS ? NULL : PyMem_RawRealloc(tree->nodes, room * sizeof(Node));
        if (nodes == NULL) {
            return 0;
        }
        tree->nodes = nodes;
        tree->room = room;
    }
    tree->nodes[tree->count++] = (Node){-INFINITY, parent, character, 0};
    return 1;
}

/* Add a word that begins with the character of the node that such a one was added for last. */
static int
add_word(Tree *tree, const Word *word, double all)
{
    uint32_t node = tree->first[character_at(word->at)];
    for (int place = 1; place < word->characters; place++) {
        uint16_t character = (uint16_t)character_at(word->at + place * HAN_BYTES);
        uint64_t key = key_of(node, character), *slot = slot_of(tree, key);
        if (*slot == 0) {
            if (!add_node(tree, node, character)) {
                return 0;
            }
            tree->nodes[node].has_children = 1;
            *slot = key << NODE_BITS | (tree->count - 1);
        }
        node = (uint32_t)(*slot & ((1u << NODE_BITS) - 1));
    }
    tree->nodes[node].likelihood = word->frequency ? log(word->frequency) - all : -INFINITY;
    return 1;
}

/* ── lines of a dictionary: a word, its frequency, and what follows, parted by spaces ────────────────── */

/* Read one line; 0 if it is not a word of nothing but Chinese characters with a frequency. */
static int
read_line(const char *at, const char *end, Word *word)
{
    const char *first = at;
    *word = (Word){.at = at};
    for (; end - at >= HAN_BYTES && (at[0] & 0xF0) == 0xE0; at += HAN_BYTES) {
        int character = character_at(at);
        if (character < 0 || character >= HAN) {
            return 0;
        }
        word->characters++;
    }
    if (at == first || end - at < 2 || at[0] != ' ' || at[1] < '0' || at[1] > '9') {
        return 0;
    }
    for (at++; at < end && *at >= '0' && *at <= '9'; at++) {
        word->frequency = 10 * word->frequency + (*at - '0');
    }
    return 1;
}

/* By their strings; of two lines for a word the earlier comes first. */
static int
compare_words(const void *one, const void *other)
{
    const Word *a = one, *b = other;
    int least = a->characters < b->characters ? a->characters : b->characters;
    int order = memcmp(a->at, b->at, (size_t)least * HAN_BYTES);
    if (order == 0) {
        order = a->characters - b->characters;
    }
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* Put words in order; jieba's are, but for a few: to look takes a fifth of what sorting them again does. */
static void
sort_words(Word *words, Py_ssize_t count)
{
    for (Py_ssize_t at = 1; at < count; at++) {
        if (compare_words(&words[at - 1], &words[at]) > 0) {
            qsort(words, (size_t)count, sizeof(Word), compare_words);
            return;
        }
    }
}

/* Read all lines; return how many words they hold, -1 without memory. */
static Py_ssize_t
read_words(const char *at, Py_ssize_t size, Word **words)
{
    Py_ssize_t count = 0, room = 0;
    for (const char *end = at + size; at < end; at++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (line_end == NULL) {
            line_end = end;
        }
        if (count == room) {
            room = room ? 2 * room : 1 << 19;
            Word *more = PyMem_RawRealloc(*words, (size_t)room * sizeof(Word));
            if (more == NULL) {
                return -1;
            }
            *words = more;
        }
        if (read_line(at, line_end, &(*words)[count])) {
            (*words)[count].place = count;
            count++;
        }
        at = line_end;
    }
    return count;
}

/* Make room for all that could be children, so that some always is left: first characters are none. */
static int
make_table(Tree *tree, const Word *words, Py_ssize_t count)
{
    Py_ssize_t characters = 0;
    for (Py_ssize_t at = 0; at < count; at++) {
        characters += words[at].characters;
    }
    int bits = 16;
    while (bits < 40 && (Py_ssize_t)1 << bits < characters) {
        bits++;
    }
    tree->shift = 64 - bits;
    tree->children = PyMem_RawCalloc((size_t)1 << bits, sizeof(uint64_t));
    return tree->children != NULL;
}

/* Grow the tree from words, which are put in order first: by first characters, where the file is mostly, then within. */
static int
grow_from(Tree *tree, const Word *words, Py_ssize_t count, double all)
{
    Word *sorted = PyMem_RawMalloc(((size_t)count + 1) * sizeof(Word));
    Py_ssize_t *ends = PyMem_RawCalloc(HAN + 1, sizeof(Py_ssize_t)); /* of the words before each first character */
    int done = sorted != NULL && ends != NULL && make_table(tree, words, count);
    for (Py_ssize_t at = 0; done && at < count; at++) {
        ends[character_at(words[at].at) + 1]++;
    }
    for (int first = 0; done && first < HAN; first++) {
        ends[first + 1] += ends[first];
    }
    for (Py_ssize_t at = 0; done && at < count; at++) {
        sorted[ends[character_at(words[at].at)]++] = words[at];
    }
    for (int first = 0; done && first < HAN; first++) {
        Py_ssize_t at = first ? ends[first - 1] : 0, end = ends[first];
        sort_words(&sorted[at], end - at);
        tree->first[first] = tree->count;
        done = add_node(tree, 0, (uint16_t)first);
        for (; done && at < end; at++) {
            done = add_word(tree, &sorted[at], all);
        }
    }
    PyMem_RawFree(sorted);
    PyMem_RawFree(ends);
    return done;
}

int
grow(Tree *tree, const char *lines, Py_ssize_t size, double total)
{
    Word *words = NULL;
    Py_ssize_t count = read_words(lines, size, &words);
    tree->unknown = -log(total);
    int done = count >= 0 && grow_from(tree, words, count, log(total));
    PyMem_RawFree(words);
    return done;
}

void
fell(Tree *tree)
{
    PyMem_RawFree(tree->nodes);
    PyMem_RawFree(tree->children);
}
