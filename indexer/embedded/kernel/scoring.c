/* How often the terms of a query stand in the documents found, weighted, and what that gives: `scoring.py`. */
#include "segment.h"

/* A list so many times longer than the documents are is searched for each of these, instead of gone through. */
enum { MUCH_LONGER = 16 };
/* Documents and positions that are so many times fewer than all documents meet without an array of all of these. */
enum { MUCH_FEWER = 8 };

enum { STRETCH = 16 }; /* documents of which none holds a term are passed over, so many at once */

typedef struct {
    const Segment *segment;
    const int64_t *documents; /* ascending */
    Py_ssize_t count;
    uint32_t *place; /* of each document of the segment among those, `count` of all others; NULL until it is needed */
    const float *factors[FIELDS]; /* of each document of the segment */
} Found;

static int
give_places(Found *found)
{
    if (found->place != NULL) {
        return FINE;
    }
    found->place = PyMem_RawMalloc(((size_t)found->segment->documents + 1) * sizeof(uint32_t));
    if (found->place == NULL) {
        return NO_MEMORY;
    }
    for (Py_ssize_t document = 0; document < found->segment->documents; document++) {
        found->place[document] = (uint32_t)found->count;
    }
    for (Py_ssize_t place = 0; place < found->count; place++) {
        found->place[found->documents[place]] = (uint32_t)place;
    }
    return FINE;
}

static int
are_few(const Found *found, Py_ssize_t others)
{
    return (found->count + others) * MUCH_FEWER < found->segment->documents;
}

static float
count_at(const Lists *lists, Py_ssize_t at)
{
    uint64_t count = number_at(&lists->counts, at);
    if (count == 255) { /* stands for itself and more */
        Py_ssize_t many = find_number(&lists->many_at, (uint64_t)at);
        if (many >= 0 && many < lists->many_counts.count) {
            count = number_at(&lists->many_counts, many);
        }
    }
    return (float)count;
}

/* Go through a list whose documents are numbers of one type. */
#define ADD_LISTED(type)                                                       \
    const type *docs = (const type *)lists->docs.at;                           \
    const uint8_t *counts = lists->counts.at;                                  \
    for (Py_ssize_t at = listed.low; at < listed.high; at++) {                 \
        type document = docs[at];                                              \
        if (document >= found->segment->documents) {                           \
            return DAMAGED;                                                    \
        }                                                                      \
        float count = counts[at] == 255 ? count_at(lists, at) : (float)counts[at]; \
        out[found->place[document]] += count * factors[document];              \
    }

/* Add what one list of documents says; `out` has one place more than there are documents, for all that is not found. */
static int
add_listed(Found *found, int which, const Lists *lists, Py_ssize_t number, float *out)
{
    Stretch listed;
    if (stretch_of(&lists->offsets, number, lists->docs.count, &listed) != FINE || listed.high > lists->counts.count) {
        return DAMAGED;
    }
    const float *factors = found->factors[which];
    Py_ssize_t size = listed.high - listed.low;
    if (found->count * MUCH_LONGER < size || are_few(found, size)) {
        Py_ssize_t at = listed.low;
        for (Py_ssize_t place = 0; place < found->count && at < listed.high; place++) {
            uint64_t wanted = (uint64_t)found->documents[place];
            Py_ssize_t step = 1; /* in leaps that grow: the next is rarely far */
            while (at + step < listed.high && number_at(&lists->docs, at + step) < wanted) {
                at += step;
                step *= 2;
            }
            Py_ssize_t behind = at + step + 1 < listed.high ? at + step + 1 : listed.high;
            at = place_of(&lists->docs, wanted, at, behind);
            if (at < listed.high && number_at(&lists->docs, at) == wanted) {
                out[place] += count_at(lists, at) * factors[wanted];
            }
        }
        return FINE;
    }
    int code = give_places(found);
    if (code != FINE) {
        return code;
    }
    if (lists->docs.width == 2) {
        ADD_LISTED(uint16_t)
    }
    else if (lists->docs.width == 4) {
        ADD_LISTED(uint32_t)
    }
    else {
        return DAMAGED;
    }
    return FINE;
}

/* Add what the positions of a bigram say: of each document found how many lie in its text. */
static int
add_counted(Found *found, int which, Py_ssize_t bigram, float *out)
{
    const Segment *segment = found->segment;
    const Field *field = &segment->fields[which];
    const float *factors = found->factors[which];
    Steps steps;
    if (steps_of(field, bigram, &steps) != FINE) {
        return DAMAGED;
    }
    uint32_t position;
    if (are_few(found, 0)) {
        Py_ssize_t place = 0, often = 0;
        while (next_position(&steps, &position)) {
            while (place < found->count && number_at(&field->starts, found->documents[place] + 1) <= position) {
                out[place] += (float)often * factors[found->documents[place]];
                often = 0;
                place++;
            }
            if (place == found->count) {
                return FINE;
            }
            often += number_at(&field->starts, found->documents[place]) <= position;
        }
        out[place] += place < found->count ? (float)often * factors[found->documents[place]] : 0.0f;
        return FINE;
    }
    int code = give_places(found);
    if (code != FINE) {
        return code;
    }
    Py_ssize_t document = -1, before = -1, often = 0;
    while (next_position(&steps, &position)) {
        document = document_at(segment, field, position, document);
        if (document < 0) {
            return DAMAGED;
        }
        if (document != before && before >= 0) {
            out[found->place[before]] += (float)often * factors[before];
            often = 0;
        }
        before = document;
        often++;
    }
    if (before >= 0) {
        out[found->place[before]] += (float)often * factors[before];
    }
    return FINE;
}

static int
add_bigram(Found *found, int which, int64_t first, int64_t second, float *out)
{
    const Field *field = &found->segment->fields[which];
    Py_ssize_t bigram = bigram_of(field, first, second);
    if (bigram < 0) {
        return FINE;
    }
    Py_ssize_t ready_made = find_number(&field->common_bigrams, (uint64_t)bigram);
    return ready_made < 0 ? add_counted(found, which, bigram, out)
                          : add_listed(found, which, &field->common, ready_made, out);
}

static int
add_word(Found *found, int which, int64_t word, float *out)
{
    const Lists *words = &found->segment->fields[which].words;
    return word < 0 ? FINE : add_listed(found, which, words, (Py_ssize_t)word, out);
}

/* Add what one term of these frequencies gives, `most` at most: the formula of `bm25f.py`. */
static void
add_saturated(const float *of_term, Py_ssize_t count, float most, float k1, float *sums)
{
    for (Py_ssize_t first = 0; first < count; first += STRETCH) {
        Py_ssize_t last = first + STRETCH < count ? first + STRETCH : count;
        uint32_t any = 0;
        for (Py_ssize_t place = first; place < last; place++) {
            uint32_t bits;
            memcpy(&bits, &of_term[place], sizeof(bits));
            any |= bits;
        }
        for (Py_ssize_t place = first; place < last && any; place++) {
            sums[place] += most * (of_term[place] / (of_term[place] + k1));
        }
    }
}

typedef struct {
    const int64_t *bigrams, *words; /* -1 is a unit or word that stands nowhere */
    Py_ssize_t pairs, singles;
    const float *most; /* that each can give; NULL where frequencies are asked for */
    float k1;
} Terms;

/* Take the terms one after the other, bigrams first: write a row for each, or add up what they give in one row. */
static int
take_terms(Found *found, const Terms *terms, float *out)
{
    size_t width = (size_t)found->count + 1;
    for (Py_ssize_t place = 0; place < found->count; place++) {
        if (found->documents[place] < 0 || found->documents[place] >= found->segment->documents) {
            return DAMAGED;
        }
    }
    float *scratch = terms->most == NULL ? NULL : PyMem_RawMalloc(width * sizeof(float));
    int code = terms->most != NULL && scratch == NULL ? NO_MEMORY : FINE;
    for (Py_ssize_t at = 0; at < terms->pairs + terms->singles && code == FINE; at++) {
        float *row = scratch == NULL ? out + (size_t)at * width : scratch;
        const int64_t *pair = terms->bigrams + 2 * at;
        memset(row, 0, width * sizeof(float));
        for (int which = 0; which < FIELDS && code == FINE; which++) {
            code = at < terms->pairs ? add_bigram(found, which, pair[0], pair[1], row)
                                     : add_word(found, which, terms->words[at - terms->pairs], row);
        }
        if (scratch != NULL && code == FINE) {
            add_saturated(row, found->count, terms->most[at], terms->k1, out);
        }
    }
    PyMem_RawFree(scratch);
    PyMem_RawFree(found->place);
    return code;
}

/* What both calls for terms have in common: documents, pairs of units, words, factors of titles and of bodies, out,
 * and where frequencies are not all that is asked for, how much each term can give. */
static PyObject *
with_terms(const Segment *segment, PyObject *const *args, int views_wanted, float k1)
{
    static const char *const kinds[7] = {"q", "q", "q", "f", "f", "f", "f"};
    Py_buffer views[7];
    int taken = 0, code = FINE;
    for (; taken < views_wanted; taken++) {
        Py_ssize_t count = -1;
        if (taken == 3 || taken == 4) {
            count = segment->documents;
        }
        else if (taken > 4) {
            Py_ssize_t terms = views[1].len / 16 + views[2].len / 8, documents = views[0].len / 8;
            count = taken == 6 ? terms : views_wanted == 7 ? documents : terms * (documents + 1);
        }
        if (!take_array(args[taken], &views[taken], kinds[taken], count, taken == 5)) {
            goto done;
        }
    }
    Found found = {segment, views[0].buf, views[0].len / 8, NULL, {views[3].buf, views[4].buf}};
    Terms terms = {views[1].buf, views[2].buf, views[1].len / 16, views[2].len / 8,
                   views_wanted == 7 ? views[6].buf : NULL, k1};
    WHILE_OTHERS_RUN((terms.pairs + terms.singles) * found.count * 4, code = take_terms(&found, &terms, views[5].buf));
    if (code != FINE) {
        raise_for(code);
    }
done:
    while (taken-- > 0) {
        PyBuffer_Release(&views[taken]);
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyObject *
segment_frequencies(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 6) {
        PyErr_SetString(PyExc_TypeError, "frequencies(documents, bigrams, words, of_titles, of_bodies, out)");
        return NULL;
    }
    return with_terms((Segment *)self, args, 6, 0.0f);
}

PyObject *
segment_add_scores(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 8) {
        PyErr_SetString(PyExc_TypeError, "add_scores(documents, bigrams, words, of_titles, of_bodies, sums, most, k1)");
        return NULL;
    }
    float k1 = (float)PyFloat_AsDouble(args[7]);
    return PyErr_Occurred() ? NULL : with_terms((Segment *)self, args, 7, k1);
}
