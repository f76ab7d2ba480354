/* Where all strings of a run stand near each other: there they are shown, if they do so anywhere. */
#include "marker.h"

/* Keep, of places in order, those that make up the smallest stretches, of at most `window` characters, that hold all
 * of so many members; their number says which. `latest` is room for one of each. A stretch that holds another one is
 * not the smallest. */
static int
keep_closest(Places *places, Py_ssize_t members, Py_ssize_t window, Py_ssize_t *latest)
{
    uint8_t *kept = PyMem_Calloc(places->size ? (size_t)places->size : 1, 1);
    if (kept == NULL) {
        return NO_MEMORY;
    }
    Py_ssize_t missing = members, before = -1;
    for (Py_ssize_t member = 0; member < members; member++) {
        latest[member] = -1;
    }
    for (Py_ssize_t at = 0; at < places->size; at++) {
        Py_ssize_t *of_member = &latest[places->at[at].number];
        missing -= *of_member < 0;
        *of_member = at;
        if (missing) {
            continue;
        }
        Py_ssize_t start = PY_SSIZE_T_MAX, last = 0;
        for (Py_ssize_t member = 0; member < members; member++) {
            Place one = places->at[latest[member]];
            start = one.first < start ? one.first : start;
            last = one.last > last ? one.last : last;
        }
        if (start > before && last - start < window) {
            for (Py_ssize_t member = 0; member < members; member++) {
                kept[latest[member]] = 1;
            }
        }
        before = start;
    }
    Py_ssize_t count = 0;
    for (Py_ssize_t at = 0; at < places->size; at++) {
        if (kept[at]) {
            places->at[count++] = places->at[at];
        }
    }
    places->size = count;
    PyMem_Free(kept);
    return FINE;
}

/* Find where each member of a run stands, at most so often; none if one of them stands nowhere. Return how far all
 * are known, -1 without memory. */
static Py_ssize_t
find_members(const Seen *seen, const Run *run, Py_ssize_t first, Py_ssize_t last, Py_ssize_t most, Places *places)
{
    Py_ssize_t known = last;
    places->size = 0;
    for (Py_ssize_t member = 0; member < run->rows.count; member++) {
        Py_ssize_t before = places->size;
        uint32_t needle = seen->sought->members[run->rows.first + member];
        if (occurrences(seen->sought, &seen->rows, needle, first, last, most, places) != FINE) {
            return -1;
        }
        if (places->size == before) {
            places->size = 0;
            return last;
        }
        for (Py_ssize_t at = before; at < places->size; at++) {
            places->at[at].number = (uint32_t)member;
        }
        Py_ssize_t latest = places->at[places->size - 1].first;
        known = places->size - before == most && latest < known ? latest : known;
    }
    return known;
}

/* Find where strings of a run stand near each other and lie between two characters of the rows. */
static int
near_within(const Seen *seen, const Run *run, Py_ssize_t first, Py_ssize_t last, Places *places, Py_ssize_t *latest)
{
    Py_ssize_t start = first > run->window ? first - run->window : 0;
    Py_ssize_t end = last < seen->rows.size - run->window ? last + run->window : seen->rows.size;
    if (find_members(seen, run, start, end, PY_SSIZE_T_MAX, places) < 0) {
        return NO_MEMORY;
    }
    sort_places(places);
    int code = keep_closest(places, run->rows.count, run->window, latest);
    Py_ssize_t count = 0;
    for (Py_ssize_t at = 0; at < places->size; at++) {
        Place one = places->at[at];
        if (first <= (Py_ssize_t)one.first && (Py_ssize_t)one.last < last) {
            places->at[count++] = one;
        }
    }
    places->size = count;
    return code;
}

/* Find the first places where the strings of a run stand near each other; those of one string are near by themselves.
 */
static int
first_near(const Seen *seen, const Run *run, Places *places, Py_ssize_t *latest)
{
    Py_ssize_t end = seen->rows.size;
    Py_ssize_t known = find_members(seen, run, 0, end, seen->sought->most_places, places);
    if (known < 0) {
        return NO_MEMORY;
    }
    if (!places->size || run->rows.count == 1) {
        return FINE;
    }
    Py_ssize_t count = 0;
    for (Py_ssize_t at = 0; at < places->size; at++) { /* as far as all of them are known */
        if ((Py_ssize_t)places->at[at].first <= known) {
            places->at[count++] = places->at[at];
        }
    }
    places->size = count;
    sort_places(places);
    int code = keep_closest(places, run->rows.count, run->window, latest);
    if (code == FINE && !places->size && known < end) {
        code = near_within(seen, run, 0, end, places, latest);
    }
    return code;
}

static Py_ssize_t *
room_for_members(const Sought *sought)
{
    Py_ssize_t most = 1;
    for (Py_ssize_t at = 0; at < sought->run_count; at++) {
        most = sought->runs[at].rows.count > most ? sought->runs[at].rows.count : most;
    }
    return PyMem_Malloc((size_t)most * sizeof(Py_ssize_t));
}

/* Find for each run the first places where its strings stand near each other. */
int
find_together(Seen *seen)
{
    const Sought *sought = seen->sought;
    Py_ssize_t *latest = room_for_members(sought);
    int code = latest == NULL ? NO_MEMORY : FINE;
    for (Py_ssize_t at = 0; at < sought->run_count && code == FINE; at++) {
        code = first_near(seen, &sought->runs[at], &seen->together[at], latest);
        seen->is_together[at] = seen->together[at].size > 0;
    }
    PyMem_Free(latest);
    return code;
}

static int
is_somewhere(const Seen *seen, Py_ssize_t run, int is_whole)
{
    return seen->is_together[run] ||
           (!is_whole && seen->elsewhere != NULL && seen->elsewhere[seen->sought->runs[run].number]);
}

/* Note a run's strings that are not asked for by themselves, nor by a run that stands together nowhere: these are
 * marked 2; of all others, places near each other are what is shown of them. */
static int
hold_run(Seen *seen, const Run *run, const Places *here)
{
    const uint32_t *members = seen->sought->members;
    for (Py_ssize_t at = 0; at < run->held_back.count; at++) {
        uint32_t needle = members[run->held_back.first + at];
        if (seen->is_held[needle] == 2) {
            continue;
        }
        seen->is_held[needle] = 1;
        for (Py_ssize_t place = 0; here != NULL && place < here->size; place++) {
            Place one = here->at[place];
            if (members[run->rows.first + one.number] == needle &&
                add_place(&seen->held, one.first, one.last, needle) != FINE) {
                return NO_MEMORY;
            }
        }
    }
    return FINE;
}

static void
mark_apart(Seen *seen, Span needles)
{
    for (Py_ssize_t at = needles.first; at < needles.first + needles.count; at++) {
        seen->is_held[seen->sought->members[at]] = 2;
    }
}

/* Keep of equal places in order one: two runs may have a string in common. */
static void
drop_doubles(Places *places)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t at = 0; at < places->size; at++) {
        if (!count || memcmp(&places->at[count - 1], &places->at[at], sizeof(Place)) != 0) {
            places->at[count++] = places->at[at];
        }
    }
    places->size = count;
}

/* Say which needles are not shown wherever they stand, and where they are: among the first places of all, if the whole
 * text is looked at, else between two characters of the rows. */
int
hold_near(Seen *seen, Py_ssize_t first, Py_ssize_t last, int is_whole)
{
    const Sought *sought = seen->sought;
    Places found = {NULL, 0, 0};
    Py_ssize_t *latest = room_for_members(sought);
    int code = latest == NULL ? NO_MEMORY : FINE;
    seen->held.size = 0;
    memset(seen->is_held, 0, (size_t)sought->needle_count);
    for (Py_ssize_t at = 0; at < sought->run_count; at++) {
        if (!is_somewhere(seen, at, is_whole)) {
            mark_apart(seen, sought->runs[at].rows);
            mark_apart(seen, sought->runs[at].words);
        }
    }
    for (Py_ssize_t at = 0; at < sought->run_count && code == FINE; at++) {
        const Run *run = &sought->runs[at];
        const Places *here = is_whole ? &seen->together[at] : NULL;
        if (!is_whole && seen->is_together[at] && run->rows.count > 1) {
            code = near_within(seen, run, first, last, &found, latest);
            here = &found;
        }
        if (code == FINE && is_somewhere(seen, at, is_whole)) {
            code = hold_run(seen, run, here);
        }
    }
    for (Py_ssize_t needle = 0; needle < sought->needle_count; needle++) {
        seen->is_held[needle] = seen->is_held[needle] == 1;
    }
    sort_places(&seen->held);
    drop_doubles(&seen->held);
    PyMem_Free(found.at);
    PyMem_Free(latest);
    return code;
}
