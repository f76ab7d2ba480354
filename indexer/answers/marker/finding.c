/* Where in a text what is looked for stands. */
#include "marker.h"

#include <stdlib.h>
#include <wchar.h>

/* ── lists of places ──────────────────────────────────────────────────────────────────────────────── */

int
add_place(Places *places, Py_ssize_t first, Py_ssize_t last, Py_ssize_t number)
{
    if (places->size == places->room) {
        Py_ssize_t room = places->room ? places->room * 2 : 32;
        Place *at = PyMem_Realloc(places->at, (size_t)room * sizeof(Place));
        if (at == NULL) {
            return NO_MEMORY;
        }
        places->at = at;
        places->room = room;
    }
    places->at[places->size++] = (Place){(uint32_t)first, (uint32_t)last, (uint32_t)number};
    return FINE;
}

static int
compare(const void *one, const void *other)
{
    const Place *a = one, *b = other;
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    if (a->last != b->last) {
        return a->last < b->last ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

void
sort_places(Places *places)
{
    for (Py_ssize_t at = 1; at < places->size; at++) {
        if (compare(&places->at[at - 1], &places->at[at]) > 0) {
            qsort(places->at, (size_t)places->size, sizeof(Place), compare);
            return;
        }
    }
}

/* Sort stretches and make one of those that touch or overlap; return how many there are then. */
Py_ssize_t
merge_places(Places *places)
{
    sort_places(places);
    Py_ssize_t kept = 0;
    for (Py_ssize_t at = 0; at < places->size; at++) {
        Place one = places->at[at];
        if (kept && one.first <= places->at[kept - 1].last) {
            Place *before = &places->at[kept - 1];
            before->last = one.last > before->last ? one.last : before->last;
        }
        else {
            places->at[kept++] = one;
        }
    }
    return places->size = kept;
}

/* ── finding ──────────────────────────────────────────────────────────────────────────────────────── */

/* Return the place of the next such code, from `first` on and below `last`; `last` if there is none. */
static inline Py_ssize_t
next_code(const uint32_t *codes, uint32_t code, Py_ssize_t first, Py_ssize_t last)
{
#if WCHAR_MAX > 0xFFFF
    const wchar_t *found = wmemchr((const wchar_t *)&codes[first], (wchar_t)code, (size_t)(last - first));
    return found == NULL ? last : first + (found - (const wchar_t *)&codes[first]);
#else
    while (first < last && codes[first] != code) {
        first++;
    }
    return first;
#endif
}

static inline int
stands_at(const Rows *rows, const uint32_t *codes, Py_ssize_t size, Py_ssize_t place)
{
    return place + size <= rows->size && memcmp(&rows->codes[place], codes, (size_t)size * sizeof(uint32_t)) == 0;
}

/* Return whether [start, end) is one run, not a part of a longer one nor two with a space between. */
static int
is_whole_run(const Rows *rows, Py_ssize_t start, Py_ssize_t end)
{
    if (start >= rows->size || !(rows->kinds[start] & BEGINS)) {
        return 0;
    }
    Py_ssize_t at = start + 1;
    while (at < rows->size && at <= end && rows->kinds[at] == RUN) {
        at++;
    }
    return at == end;
}

static int
has_whole_runs(const Sought *sought, const Rows *rows, const SoughtRow *row, Py_ssize_t place)
{
    const uint32_t *runs = &sought->run_places[row->first_run * 2];
    for (Py_ssize_t at = 0; at < row->run_count; at++) {
        if (!is_whole_run(rows, place + runs[at * 2], place + runs[at * 2 + 1])) {
            return 0;
        }
    }
    return 1;
}

/* Return where the rows of a way end that begins at a place, -1 if it does not stand there. */
static Py_ssize_t
end_of_way(const Sought *sought, const Rows *rows, Span way, Py_ssize_t place)
{
    for (Py_ssize_t at = way.first; at < way.first + way.count; at++) {
        const SoughtRow *row = &sought->rows[at];
        if (at > way.first) {
            Py_ssize_t end = place;
            while (place < rows->size && (rows->kinds[place] & KIND) == PARTING) {
                place++;
            }
            if (place == end) {
                return -1;
            }
        }
        if (!stands_at(rows, &sought->codes[row->first], row->size, place) ||
            !has_whole_runs(sought, rows, row, place)) {
            return -1;
        }
        place += row->size;
    }
    return place;
}

/* Add where a needle stands between two characters of the rows; of each way to write it at most so many. */
int
occurrences(const Sought *sought, const Rows *rows, Py_ssize_t needle, Py_ssize_t first, Py_ssize_t last,
            Py_ssize_t most, Places *places)
{
    Span ways = sought->needles[needle];
    Py_ssize_t before = places->size;
    last = last < rows->size ? last : rows->size;
    for (Py_ssize_t at = ways.first; at < ways.first + ways.count && places->size - before < most; at++) {
        Span way = sought->ways[at];
        const SoughtRow *row = &sought->rows[way.first];
        uint32_t code = sought->codes[row->first];
        Py_ssize_t place = first, taken = 0, none = last - row->size + 1;
        for (; place < none && taken < most; place++) {
            place = next_code(rows->codes, code, place, none);
            if (place == none) {
                break;
            }
            Py_ssize_t end = end_of_way(sought, rows, way, place);
            if (end >= 0 && end <= last) {
                if (add_place(places, place, end - 1, needle) != FINE) {
                    return NO_MEMORY;
                }
                taken++;
            }
        }
    }
    return FINE;
}

/* Return how many characters of the rows stand before a place of the text. */
Py_ssize_t
rows_before(const Rows *rows, Py_ssize_t place)
{
    Py_ssize_t low = 0, high = rows->size;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if ((Py_ssize_t)rows->places[middle] < place) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* ── what is shown ────────────────────────────────────────────────────────────────────────────────── */

static void
in_text(const Rows *rows, Places *places)
{
    for (Py_ssize_t at = 0; at < places->size; at++) {
        Place *one = &places->at[at];
        one->first = rows->places[one->first];
        one->last = rows->places[one->last] + 1;
    }
}

/* Add the places of a needle that are shown: all, or those that are near others. */
static int
add_shown(Seen *seen, Py_ssize_t needle, Py_ssize_t first, Py_ssize_t last, Py_ssize_t most, Places *places)
{
    if (!seen->sought->run_count || !seen->is_held[needle]) {
        return occurrences(seen->sought, &seen->rows, needle, first, last, most, places);
    }
    Py_ssize_t taken = 0;
    for (Py_ssize_t at = 0; at < seen->held.size && taken < most; at++) {
        Place one = seen->held.at[at];
        if (one.number == needle) {
            if (add_place(places, one.first, one.last, needle) != FINE) {
                return NO_MEMORY;
            }
            taken++;
        }
    }
    return FINE;
}

/* Return what is marked between two characters of the rows, as stretches of the text. */
int
marks_within(Seen *seen, Py_ssize_t first, Py_ssize_t last, Places *marks)
{
    const Sought *sought = seen->sought;
    marks->size = 0;
    int code = sought->run_count ? hold_near(seen, first, last, 0) : FINE;
    for (Py_ssize_t needle = 0; needle < sought->needle_count && code == FINE; needle++) {
        code = add_shown(seen, needle, first, last, PY_SSIZE_T_MAX, marks);
    }
    in_text(&seen->rows, marks);
    merge_places(marks);
    return code;
}

/* Return enough places to choose a stretch by, as stretches of the text, with the numbers of needles. */
int
telling_places(Seen *seen, Places *places)
{
    const Sought *sought = seen->sought;
    Py_ssize_t end = seen->rows.size, count = sought->needle_count, most_needles = sought->most_needles;
    places->size = 0;
    int code = sought->run_count ? hold_near(seen, 0, end, 1) : FINE;
    int none_held = 1;
    for (Py_ssize_t needle = 0; sought->run_count && needle < count; needle++) {
        none_held = none_held && !seen->is_held[needle];
    }
    for (Py_ssize_t low = 0; low < count && !places->size && code == FINE; low = low ? count : most_needles) {
        Py_ssize_t high = low || count < most_needles ? count : most_needles;
        int is_alone = high - low == 1 && sought->needles[low].count == 1 && none_held;
        Py_ssize_t most = is_alone ? 1 : sought->most_places / (high - low + 1);
        for (Py_ssize_t needle = low; needle < high && code == FINE; needle++) {
            code = add_shown(seen, needle, 0, end, most, places);
        }
    }
    in_text(&seen->rows, places);
    sort_places(places);
    return code;
}
