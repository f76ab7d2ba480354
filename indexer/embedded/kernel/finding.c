/* Which documents hold a row of units, as grep finds it: the same as `phrase_matching.py`, in one pass. */
#include "segment.h"

/* What eight bits are as eight bytes of 0 and 1, the highest bit first. */
uint64_t bytes_of_bits[256];

void
fill_tables(void)
{
    for (int bits = 0; bits < 256; bits++) {
        for (int at = 0; at < 8; at++) {
            ((uint8_t *)&bytes_of_bits[bits])[at] = bits >> (7 - at) & 1;
        }
    }
}

static int
set_document(const Segment *segment, uint8_t *found, uint64_t document)
{
    if (document >= (uint64_t)segment->documents) {
        return DAMAGED;
    }
    found[document] = 1;
    return FINE;
}

static int
set_listed(const Segment *segment, const Numbers *docs, Stretch listed, uint8_t *found)
{
    for (Py_ssize_t at = listed.low; at < listed.high; at++) {
        if (set_document(segment, found, number_at(docs, at)) != FINE) {
            return DAMAGED;
        }
    }
    return FINE;
}

/* Return the bits of a common unit, one for each document, the highest of a byte first; NULL if it is not common. */
const uint8_t *
bits_of(const Segment *segment, const Field *field, uint32_t unit)
{
    Py_ssize_t place = find_number(&field->dense, unit);
    return place < 0 ? NULL : field->bits.at + place * ((segment->documents + 7) / 8);
}

/* Set what holds a single unit: a common one has a bit for each document, others a list. */
static int
mark_unit(const Segment *segment, const Field *field, uint32_t unit, uint8_t *found)
{
    const uint8_t *bits = bits_of(segment, field, unit);
    if (bits != NULL) {
        Py_ssize_t whole = segment->documents / 8;
        for (Py_ssize_t at = 0; at < whole; at++) {
            uint64_t eight;
            memcpy(&eight, found + at * 8, 8);
            eight |= bytes_of_bits[bits[at]];
            memcpy(found + at * 8, &eight, 8);
        }
        for (Py_ssize_t document = whole * 8; document < segment->documents; document++) {
            found[document] |= bit_at(bits, document);
        }
        return FINE;
    }
    Stretch listed;
    if (stretch_of(&field->unit_offsets, unit, field->unit_docs.count, &listed) != FINE) {
        return DAMAGED;
    }
    return set_listed(segment, &field->unit_docs, listed, found);
}

/* Set *at to where the rarest bigram of a row of two units or more stands in it, and return its number; -1 if a bigram
 * of the row stands nowhere, -2 if the files cannot be. */
static Py_ssize_t
rarest_of(const Field *field, const Row *row, Py_ssize_t *at, Py_ssize_t *size)
{
    Py_ssize_t rarest = -1;
    for (Py_ssize_t place = 0; place + 1 < row->size; place++) {
        if (row->units[place] < FIRST_UNIT) {
            continue; /* the bigram before it says as much */
        }
        Py_ssize_t bigram = bigram_of(field, row->units[place], row->units[place + 1]);
        if (bigram < 0) {
            return -1;
        }
        Stretch stretch;
        if (stretch_of(&field->offsets, bigram, field->positions.count, &stretch) != FINE) {
            return -2;
        }
        if (rarest < 0 || stretch.high - stretch.low < *size) {
            rarest = bigram;
            *at = place;
            *size = stretch.high - stretch.low;
        }
    }
    return rarest;
}

/* Keep those of ascending places at which a row may begin whose bigram at `offset` is there too. */
static Py_ssize_t
keep_with(Steps steps, Py_ssize_t offset, uint32_t *begins, Py_ssize_t count)
{
    Py_ssize_t kept = 0, at = 0;
    uint32_t position;
    while (at < count && next_position(&steps, &position)) {
        while (at < count && (uint64_t)begins[at] + (uint64_t)offset < position) {
            at++;
        }
        if (at < count && (uint64_t)begins[at] + (uint64_t)offset == position) {
            begins[kept++] = begins[at++];
        }
    }
    return kept;
}

/* Keep those whose units, but for those seen, stand in the sequence as in the row. No text's end lies between: it is
 * in no row, so it would not match. */
static Py_ssize_t
keep_standing(const Field *field, const Row *row, const uint8_t *seen, uint32_t *begins, Py_ssize_t count)
{
    Py_ssize_t kept = 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        int stands = 1;
        for (Py_ssize_t at = 0; at < row->size && stands; at++) {
            stands = seen[at] || number_at(&field->sequence, (Py_ssize_t)begins[place] + at) == row->units[at];
        }
        begins[kept] = begins[place];
        kept += stands;
    }
    return kept;
}

/* Return where the rarest bigram stands that holds a unit not yet seen, -1 if there is none; *size as `rarest_of`. */
static Py_ssize_t
next_bigram(const Field *field, const Row *row, const uint8_t *seen, Py_ssize_t *size, Steps *steps)
{
    Py_ssize_t found = -1;
    for (Py_ssize_t at = 0; at + 1 < row->size; at++) {
        if (row->units[at] < FIRST_UNIT || (seen[at] && seen[at + 1])) {
            continue;
        }
        Steps of_bigram;
        if (steps_of(field, bigram_of(field, row->units[at], row->units[at + 1]), &of_bigram) != FINE) {
            continue;
        }
        Py_ssize_t bytes = of_bigram.end - of_bigram.at;
        if (found < 0 || bytes < *size) {
            found = at;
            *size = bytes;
            *steps = of_bigram;
        }
    }
    return found;
}

/* Reading on in a list takes 1 ns a byte; a look at a place of the sequence not looked at lately 100 to 300. */
enum { BYTES_FOR_A_LOOK = 128 };

/* Return how many places a row of three units or more begins at, written to `begins`. */
static Py_ssize_t
begins_of(const Field *field, const Row *row, Steps steps, Py_ssize_t rarest_at, uint8_t *seen, uint32_t *begins)
{
    Py_ssize_t count = 0, size = 0;
    uint32_t position;
    while (next_position(&steps, &position)) {
        if (position >= rarest_at && (Py_ssize_t)position - rarest_at + row->size <= field->sequence.count) {
            begins[count++] = position - (uint32_t)rarest_at;
        }
    }
    seen[rarest_at] = seen[rarest_at + 1] = 1;
    while (count) {
        Py_ssize_t at = next_bigram(field, row, seen, &size, &steps);
        if (at < 0 || size > count * BYTES_FOR_A_LOOK) {
            break;
        }
        count = keep_with(steps, at, begins, count);
        seen[at] = seen[at + 1] = 1;
    }
    return keep_standing(field, row, seen, begins, count);
}

/* Set what holds a row of three units or more. */
static int
mark_long_row(const Segment *segment, const Field *field, const Row *row, Steps steps, Py_ssize_t rarest_at,
              uint8_t *found)
{
    size_t most = (size_t)(steps.end - steps.at) + 1; /* positions: each takes a byte at least */
    uint32_t *begins = PyMem_RawMalloc(most * sizeof(uint32_t));
    uint8_t *seen = PyMem_RawCalloc((size_t)row->size, 1);
    int code = begins == NULL || seen == NULL ? NO_MEMORY : FINE;
    Py_ssize_t count = code == FINE ? begins_of(field, row, steps, rarest_at, seen, begins) : 0;
    Py_ssize_t document = -1;
    for (Py_ssize_t place = 0; place < count && code == FINE; place++) {
        document = document_at(segment, field, begins[place], document);
        if (document < 0) {
            code = DAMAGED;
        }
        else {
            found[document] = 1;
        }
    }
    PyMem_RawFree(begins);
    PyMem_RawFree(seen);
    return code;
}

int
mark_row(const Segment *segment, int which, const Row *row, uint8_t *found)
{
    const Field *field = &segment->fields[which];
    if (row->size == 1) {
        return mark_unit(segment, field, row->units[0], found);
    }
    Py_ssize_t rarest_at = 0, size = 0;
    Py_ssize_t bigram = rarest_of(field, row, &rarest_at, &size);
    if (bigram < 0) {
        return bigram == -1 ? FINE : DAMAGED;
    }
    Py_ssize_t ready_made = row->size == 2 ? find_number(&field->common_bigrams, (uint64_t)bigram) : -1;
    if (ready_made >= 0) {
        Stretch listed;
        if (stretch_of(&field->common.offsets, ready_made, field->common.docs.count, &listed) != FINE) {
            return DAMAGED;
        }
        return set_listed(segment, &field->common.docs, listed, found);
    }
    Steps steps;
    if (steps_of(field, bigram, &steps) != FINE) {
        return DAMAGED;
    }
    if (row->size > 2) {
        return mark_long_row(segment, field, row, steps, rarest_at, found);
    }
    uint32_t position;
    Py_ssize_t document = -1;
    while (next_position(&steps, &position)) {
        document = document_at(segment, field, position, document);
        if (document < 0) {
            return DAMAGED;
        }
        found[document] = 1;
    }
    return FINE;
}

/* Return about how many steps `mark_row` takes. */
Py_ssize_t
work_of_row(const Segment *segment, int which, const Row *row)
{
    Py_ssize_t at = 0, size = 0;
    if (row->size < 2) {
        return segment->documents / 8;
    }
    return rarest_of(&segment->fields[which], row, &at, &size) < 0 ? 0 : size;
}

int
mark_in(const Segment *segment, int fields, const Row *row, uint8_t *found)
{
    int code = FINE;
    for (int which = 0; which < FIELDS && code == FINE; which++) {
        if (fields >> which & 1) {
            code = mark_row(segment, which, row, found);
        }
    }
    return code;
}

PyObject *
segment_mark(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    const Segment *segment = (Segment *)self;
    Row row;
    Py_buffer found;
    if (nargs != 3) {
        PyErr_SetString(PyExc_TypeError, "mark(row, fields, found)");
        return NULL;
    }
    long fields = PyLong_AsLong(args[1]);
    if (PyErr_Occurred() || !take_array(args[2], &found, "?", segment->documents, 1)) {
        return NULL;
    }
    if (!take_row(args[0], &row)) {
        PyBuffer_Release(&found);
        return NULL;
    }
    int code = FINE;
    if (row.size) {
        Py_ssize_t work = work_of_row(segment, TITLE, &row) + work_of_row(segment, BODY, &row);
        WHILE_OTHERS_RUN(work, code = mark_in(segment, (int)fields, &row, found.buf));
    }
    else {
        memset(found.buf, 1, (size_t)segment->documents); /* an empty row is held by all */
    }
    PyMem_Free(row.units);
    PyBuffer_Release(&found);
    if (code != FINE) {
        return raise_for(code);
    }
    Py_RETURN_NONE;
}
