/* Positions written as steps from one to the next: the same bytes as `positions.py`. */
#include "segment.h"

enum { FAR = 0xFFFF }; /* part of the step that follows it */

static Py_ssize_t
size_of_step(uint32_t step, int is_long)
{
    if (is_long) {
        return 2 * ((Py_ssize_t)(step / FAR) + 1);
    }
    return 1 + (step >= 1u << 7) + (step >= 1u << 14) + (step >= 1u << 21) + (step >= 1u << 28);
}

static uint8_t *
write_step(uint8_t *at, uint32_t step, int is_long)
{
    if (is_long) {
        for (; step >= FAR; step -= FAR) {
            *at++ = 0xFF;
            *at++ = 0xFF;
        }
        *at++ = (uint8_t)(step & 0xFF);
        *at++ = (uint8_t)(step >> 8);
        return at;
    }
    for (; step >= 0x80; step >>= 7) {
        *at++ = (uint8_t)(step & 0x7F);
    }
    *at++ = (uint8_t)(step | 0x80);
    return at;
}

/* Count the bytes of each list; return how many there are of all, -1 if the lists are not as long as the positions. */
static Py_ssize_t
count_bytes(const Numbers *positions, const Py_buffer *lengths, const uint8_t *is_long, int64_t *sizes)
{
    const uint32_t *position = (const uint32_t *)positions->at;
    Py_ssize_t at = 0, total = 0;
    for (Py_ssize_t list = 0; list < lengths->len / 8; list++) {
        int64_t length = ((const int64_t *)lengths->buf)[list];
        if (length < 0 || length > positions->count - at) {
            return -1;
        }
        uint32_t before = 0;
        sizes[list] = 0;
        for (Py_ssize_t end = at + (Py_ssize_t)length; at < end; at++) {
            sizes[list] += size_of_step(position[at] - before, is_long[list]);
            before = position[at];
        }
        total += (Py_ssize_t)sizes[list];
    }
    return at == positions->count ? total : -1;
}

static void
write_lists(const Numbers *positions, const Py_buffer *lengths, const uint8_t *is_long, uint8_t *to)
{
    const uint32_t *position = (const uint32_t *)positions->at;
    for (Py_ssize_t list = 0; list < lengths->len / 8; list++) {
        uint32_t before = 0;
        for (int64_t left = ((const int64_t *)lengths->buf)[list]; left > 0; left--, position++) {
            to = write_step(to, *position - before, is_long[list]);
            before = *position;
        }
    }
}

PyObject *
kernel_pack_steps(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    /* positions of four bytes, lengths of the lists, which are long, sizes to be written */
    Numbers positions;
    Py_buffer lengths, is_long, sizes;
    PyObject *packed = NULL;
    (void)module;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "pack_steps(positions, lengths, is_long, sizes)");
        return NULL;
    }
    if (!take_numbers(args[0], &positions)) {
        return NULL;
    }
    if (!take_array(args[1], &lengths, "q", -1, 0)) {
        goto without_lengths;
    }
    if (!take_array(args[2], &is_long, "?", lengths.len / 8, 0)) {
        goto without_long;
    }
    if (!take_array(args[3], &sizes, "q", lengths.len / 8, 1)) {
        goto without_sizes;
    }
    Py_ssize_t total = -1;
    if (positions.width == 4) {
        WHILE_OTHERS_RUN(positions.count, total = count_bytes(&positions, &lengths, is_long.buf, sizes.buf));
    }
    if (total < 0) {
        PyErr_SetString(PyExc_ValueError, "the lists are not as long as their positions");
    }
    else if ((packed = PyBytes_FromStringAndSize(NULL, total)) != NULL) {
        uint8_t *to = (uint8_t *)PyBytes_AS_STRING(packed);
        WHILE_OTHERS_RUN(positions.count, write_lists(&positions, &lengths, is_long.buf, to));
    }
    PyBuffer_Release(&sizes);
without_sizes:
    PyBuffer_Release(&is_long);
without_long:
    PyBuffer_Release(&lengths);
without_lengths:
    PyBuffer_Release(&positions.view);
    return packed;
}
