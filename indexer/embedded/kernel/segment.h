/* One segment of the index: its arrays, held for as long as anything is looked up in them. */
#ifndef POLICY_SEARCH_SEGMENT_H
#define POLICY_SEARCH_SEGMENT_H

#include "numbers.h"

#define REVISION 4 /* of what the functions take, as in `__init__.py`: raised there and here together */

enum { TITLE, BODY, FIELDS };
enum { FIRST_UNIT = 2 }; /* of the numbers of units; those below are the break of a row and the end of a text */

typedef struct { /* lists of documents with how often: `postings.py` */
    Numbers offsets, docs, counts, many_at, many_counts;
} Lists;

typedef struct { /* `bigram_index.py`, `positions.py` and `frequent_terms.py` */
    Numbers starts, sequence, blocks, first, second, positions, offsets, longs;
    Numbers dense, bits, unit_offsets, unit_docs, common_bigrams, holding;
    Lists common, words;
} Field;

typedef struct { /* what the units of bodies do not say: `texts.py` */
    Numbers characters, run_ends, run_bytes, breaks, many_at, many_counts, before, odd_at, odd, ends, bytes;
} Texts;

typedef struct {
    PyObject_HEAD
    Py_ssize_t documents;
    int taken; /* how many of the arrays are held */
    Field fields[FIELDS];
    Texts texts;
    Numbers units_holding, words_holding; /* how many documents hold each, in either field */
} Segment;

/* The arrays of a field in the order in which they are given. */
#define ARRAYS_OF_FIELD ((int)(sizeof(Field) / sizeof(Numbers)))
#define ARRAYS_OF_TEXTS ((int)(sizeof(Texts) / sizeof(Numbers)))

typedef struct { /* a row of units, as numbers of the segment */
    Py_ssize_t size;
    uint32_t *units;
    Py_buffer held; /* or of size 0: for each document whether it holds the row, where that is known */
} Row;

typedef struct { /* a stretch of lists */
    Py_ssize_t low, high;
} Stretch;

/* The positions of one bigram, one after the other. */
typedef struct {
    const uint8_t *at, *end;
    uint32_t sum;
    int kind;
} Steps;

enum { SHORT_STEPS, LONG_STEPS, PLAIN_POSITIONS };

Py_ssize_t bigram_of(const Field *field, int64_t first, int64_t second);
int stretch_of(const Numbers *offsets, Py_ssize_t number, Py_ssize_t most, Stretch *stretch);
int steps_of(const Field *field, Py_ssize_t bigram, Steps *steps);
int next_position(Steps *steps, uint32_t *position);
int take_row(PyObject *row, Row *taken);

/* Return in which document a position lies, from `document` on, -1 if in none. */
static inline Py_ssize_t
document_at(const Segment *segment, const Field *field, uint32_t position, Py_ssize_t document)
{
    if (document < 0 || position >= number_at(&field->starts, document + 1)) {
        Py_ssize_t block = (Py_ssize_t)(position >> 6);
        if (block >= field->blocks.count) {
            return -1;
        }
        uint64_t number = number_at(&field->blocks, block);
        if (number >= (uint64_t)segment->documents) {
            return -1;
        }
        document = (Py_ssize_t)number;
        while (document < segment->documents && number_at(&field->starts, document + 1) <= position) {
            document++;
        }
        if (document >= segment->documents) {
            return -1;
        }
    }
    return document;
}

void fill_tables(void);
static inline uint8_t
bit_at(const uint8_t *bits, int64_t document)
{
    return bits[document >> 3] >> (7 - (document & 7)) & 1;
}

extern uint64_t bytes_of_bits[256];
const uint8_t *bits_of(const Segment *segment, const Field *field, uint32_t unit);
int mark_in(const Segment *segment, int fields, const Row *row, uint8_t *found);
int mark_row(const Segment *segment, int field, const Row *row, uint8_t *found);
Py_ssize_t work_of_row(const Segment *segment, int field, const Row *row);

PyObject *segment_text(PyObject *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *segment_mark(PyObject *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *segment_add_holding(PyObject *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *segment_holding(PyObject *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *segment_add_scores(PyObject *self, PyObject *const *args, Py_ssize_t nargs);
PyObject *segment_frequencies(PyObject *self, PyObject *const *args, Py_ssize_t nargs);

PyObject *kernel_pack_steps(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *kernel_add_title_boost(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *kernel_order_keys(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *kernel_leave_out_copies(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *kernel_lowest(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *kernel_count(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *kernel_sums(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *kernel_most(PyObject *module, PyObject *const *args, Py_ssize_t nargs);

#endif
