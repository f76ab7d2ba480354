/* Which stretches of a body are shown: those that hold the most different strings, cut at ends of sentences. */
#include "marker.h"

enum { TWO_HALVES = 2 };

/* ── where to cut ─────────────────────────────────────────────────────────────────────────────────── */

static int
ends_sentence(Py_UCS4 one)
{
    return one == 0x3002 || one == 0xFF01 || one == 0xFF1F || one == '!' || one == '?' || one == 0xFF1B || one == ';' ||
           one == '\n';
}

static int
ends_clause(Py_UCS4 one)
{
    return one == 0xFF0C || one == ',' || one == 0x3001 || one == 0xFF1A || one == ':' || Py_UNICODE_ISSPACE(one);
}

static int
closes(Py_UCS4 one)
{
    return one == 0x201D || one == 0x2019 || one == 0x300D || one == 0x300F || one == 0xFF09 || one == ')';
}

/* Return the place behind the last such character of a stretch; 0 if it has none. */
static Py_ssize_t
behind_last(const Text *body, int (*is_one)(Py_UCS4), Py_ssize_t start, Py_ssize_t end)
{
    for (; end > start; end--) {
        if (is_one(character(body, end - 1))) {
            return end;
        }
    }
    return 0;
}

/* Return where the last sentence ends that ends in a stretch, with what closes it; 0 if none does. */
static Py_ssize_t
end_of_sentences(const Text *body, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t at = behind_last(body, ends_sentence, start, end);
    while (at && at < end && closes(character(body, at))) {
        at++;
    }
    return at;
}

static int
is_letter_or_digit(Py_UCS4 one)
{
    return one < 128 ? (one >= '0' && one <= '9') || ((one | 32) >= 'a' && (one | 32) <= 'z') : Py_UNICODE_ISALNUM(one);
}

/* Move back to where no run of letters and digits is cut in two. */
static Py_ssize_t
outside_run(const Text *body, Py_ssize_t at)
{
    while (at > 0 && at < body->size && character(body, at) < 128 && is_letter_or_digit(character(body, at)) &&
           is_letter_or_digit(character(body, at - 1))) {
        at--;
    }
    return at;
}

/* Return where to begin, from `earliest` to `first`. */
static Py_ssize_t
start_of(const Text *body, Py_ssize_t first, Py_ssize_t earliest)
{
    if (earliest == 0) {
        return 0;
    }
    Py_ssize_t sentences = end_of_sentences(body, earliest, first);
    if (sentences) {
        return sentences;
    }
    for (Py_ssize_t at = earliest; at < first; at++) {
        if (ends_clause(character(body, at))) {
            while (at < first && ends_clause(character(body, at))) {
                at++;
            }
            return at;
        }
    }
    return outside_run(body, first - (first - earliest) / 2);
}

/* Return where to stop, from `last` to `latest`. */
static Py_ssize_t
end_of(const Text *body, Py_ssize_t last, Py_ssize_t latest)
{
    if (latest == body->size) {
        return latest;
    }
    Py_ssize_t whole = end_of_sentences(body, last, latest);
    whole = whole ? whole : behind_last(body, ends_clause, last, latest);
    if (whole) {
        return whole;
    }
    Py_ssize_t outside = outside_run(body, latest);
    return last > outside ? last : outside;
}

/* Widen a window to `size` characters: from a sentence's start, else a clause's, to an end of the same kind. */
static Place
around(const Text *body, Place window, Py_ssize_t size)
{
    Py_ssize_t first = window.first, last = window.last;
    Py_ssize_t rest = size - (last - first), start = 0;
    rest = rest > 0 ? rest * 2 / 3 : 0;
    if (first) {
        start = start_of(body, first, first > rest ? first - rest : 0);
    }
    Py_ssize_t latest = start + size > last ? start + size : last;
    Py_ssize_t end = end_of(body, last, latest < body->size ? latest : body->size);
    return (Place){(uint32_t)start, (uint32_t)end, 0};
}

Place
beginning_of(const Text *body, Py_ssize_t size)
{
    return around(body, (Place){0, 0, 0}, size);
}

/* ── what to show ─────────────────────────────────────────────────────────────────────────────────── */

/* Return the first stretch, at most `width` long if a place is not longer, with the most different needles of those
 * that are not left out; `held` is room for a count of each. */
static Place
best_window(const Places *places, Py_ssize_t width, const uint8_t *left_out, uint32_t *held, Py_ssize_t needles)
{
    Place best = {0, 0, 0};
    Py_ssize_t different = 0, most = 0, left = 0;
    memset(held, 0, (size_t)needles * sizeof(*held));
    for (Py_ssize_t at = 0; at < places->size; at++) {
        Place one = places->at[at];
        if (left_out[one.number]) {
            continue;
        }
        different += held[one.number]++ == 0;
        while (left < at && (left_out[places->at[left].number] || (Py_ssize_t)one.last - places->at[left].first > width)) {
            Place leaving = places->at[left++];
            if (!left_out[leaving.number]) {
                different -= --held[leaving.number] == 0;
            }
        }
        if (different > most) {
            most = different;
            best = places->at[left];
            for (Py_ssize_t other = left; other <= at; other++) { /* one that began earlier may end later */
                Place two = places->at[other];
                best.last = !left_out[two.number] && two.last > best.last ? two.last : best.last;
            }
        }
    }
    return best;
}

/* Mark the needles that a window holds; return how many these are, and of all places how many. */
static Py_ssize_t
mark_held(const Places *places, Place window, uint8_t *is_held)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t at = 0; at < places->size; at++) {
        Place one = places->at[at];
        if (window.first <= one.first && one.last <= window.last && !is_held[one.number]) {
            is_held[one.number] = 1;
            count++;
        }
    }
    return count;
}

static Py_ssize_t
choose(const Text *body, const Places *places, Py_ssize_t size, Py_ssize_t needles, uint8_t *marked, uint32_t *held,
       Place *chosen)
{
    Py_ssize_t width = size * 3 / 4;
    Place all = {0, UINT32_MAX, 0};
    Py_ssize_t different = mark_held(places, all, marked);
    memset(marked, 0, (size_t)needles);
    Place window = best_window(places, width, marked, held, needles);
    if (mark_held(places, window, marked) == different) {
        chosen[0] = around(body, window, size);
        return 1;
    }
    memset(marked, 0, (size_t)needles);
    Place first = best_window(places, width / TWO_HALVES, marked, held, needles);
    Places both = {chosen, 1, TWO_HALVES};
    chosen[0] = around(body, first, size / TWO_HALVES);
    if (mark_held(places, first, marked) < different) {
        Place second = best_window(places, width / TWO_HALVES, marked, held, needles);
        chosen[both.size++] = around(body, second, size / TWO_HALVES);
    }
    return merge_places(&both);
}

/* Choose the one or two stretches to show, by places in order, with room for two; -1 without memory. */
Py_ssize_t
choose_stretches(const Text *body, const Places *places, Py_ssize_t size, Py_ssize_t needles, Place *chosen)
{
    if (places->size == 1) {
        chosen[0] = around(body, places->at[0], size);
        return 1;
    }
    uint8_t *marked = PyMem_Calloc((size_t)needles, 1);
    uint32_t *held = PyMem_Calloc((size_t)needles, sizeof(uint32_t));
    Py_ssize_t count = -1;
    if (marked != NULL && held != NULL) {
        count = choose(body, places, size, needles, marked, held, chosen);
    }
    PyMem_Free(marked);
    PyMem_Free(held);
    return count;
}
