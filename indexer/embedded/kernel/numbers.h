/* Arrays of whole numbers, as the files of the index hold them: one, two, four or eight bytes each, never signed.
 *
 * What is read from a file is data, whatever its checksum says: each place is looked at only below `count`.
 */
#ifndef POLICY_SEARCH_NUMBERS_H
#define POLICY_SEARCH_NUMBERS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    Py_buffer view;
    const uint8_t *at;
    Py_ssize_t count;
    int width; /* bytes of each */
} Numbers;

static inline uint64_t
number_at(const Numbers *numbers, Py_ssize_t place)
{
    const uint8_t *at = numbers->at;
    switch (numbers->width) {
    case 1:
        return at[place];
    case 2:
        return ((const uint16_t *)at)[place];
    case 4:
        return ((const uint32_t *)at)[place];
    default:
        return ((const uint64_t *)at)[place];
    }
}

/* Return the first place from `low` on, below `high`, whose number is not below `wanted`; the numbers ascend. */
static inline Py_ssize_t
place_of(const Numbers *numbers, uint64_t wanted, Py_ssize_t low, Py_ssize_t high)
{
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (number_at(numbers, middle) < wanted) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* Return where `wanted` stands among ascending numbers, -1 if nowhere. */
static inline Py_ssize_t
find_number(const Numbers *numbers, uint64_t wanted)
{
    Py_ssize_t place = place_of(numbers, wanted, 0, numbers->count);
    return place < numbers->count && number_at(numbers, place) == wanted ? place : -1;
}

/* Take an array to read from: one row in memory, aligned; 0 and an error if it is anything else. */
int take_numbers(PyObject *array, Numbers *numbers);

/* Take an array of `count` items of one kind: "f" float, "q" 8 bytes signed, "?" bool; -1 for any count. */
int take_array(PyObject *array, Py_buffer *view, const char *kind, Py_ssize_t count, int writable);

/* Where work goes on for longer than about 0.1 ms, other threads may run meanwhile; for less, changing over costs more
 * than it gives. */
#define LONG_WORK 65536

#define WHILE_OTHERS_RUN(work, call)                   \
    do {                                               \
        PyThreadState *state = NULL;                   \
        if ((work) > LONG_WORK) {                      \
            state = PyEval_SaveThread();               \
        }                                              \
        call;                                          \
        if (state != NULL) {                           \
            PyEval_RestoreThread(state);               \
        }                                              \
    } while (0)

/* What a function that looks into files returns: all is well; a file says what cannot be; no memory. */
enum { FINE = 0, DAMAGED = -1, NO_MEMORY = -2 };

PyObject *raise_for(int code);

#endif
