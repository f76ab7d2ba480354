/* Texts as rows: folded, without spaces, each character with its place and what it is. */
#include "marker.h"

enum { KIND_SHIFT = 24, CODE_MASK = 0x1FFFFF };

void
free_rows(Rows *rows)
{
    PyMem_Free(rows->codes);
    PyMem_Free(rows->places);
    PyMem_Free(rows->kinds);
    memset(rows, 0, sizeof(*rows));
}

/* Make room for so many characters; what was in the rows is lost. */
static int
make_room(Rows *rows, Py_ssize_t size)
{
    if (size <= rows->room) {
        return FINE;
    }
    free_rows(rows);
    rows->codes = PyMem_Malloc((size_t)size * sizeof(uint32_t));
    rows->places = PyMem_Malloc((size_t)size * sizeof(uint32_t));
    rows->kinds = PyMem_Malloc((size_t)size);
    rows->room = size;
    if (size > UINT32_MAX || rows->codes == NULL || rows->places == NULL || rows->kinds == NULL) {
        free_rows(rows);
        return NO_MEMORY;
    }
    return FINE;
}

/* Fold characters of one width; `read` is the type of each. */
#define FOLD(read)                                                                         \
    do {                                                                                   \
        const read *from = text->data;                                                     \
        for (Py_ssize_t at = 0; at < text->size; at++) {                                   \
            uint32_t point = from[at];                                                     \
            uint32_t entry = entries[point < count ? point : count - 1];                   \
            uint8_t kind = (uint8_t)(entry >> KIND_SHIFT) & KIND;                          \
            codes[size] = entry & CODE_MASK;                                               \
            places[size] = (uint32_t)at;                                                   \
            kinds[size] = kind | (uint8_t)(kind == RUN && before != RUN ? BEGINS : 0);     \
            before = kind;                                                                 \
            size += kind != SPACE;                                                         \
        }                                                                                  \
    } while (0)

int
fold_rows(const Py_buffer *table, const Text *text, Rows *rows)
{
    rows->size = 0;
    int code = make_room(rows, text->size);
    if (code != FINE) {
        return code;
    }
    const uint32_t *entries = table->buf;
    uint32_t count = (uint32_t)(table->len / (Py_ssize_t)sizeof(uint32_t));
    uint32_t *codes = rows->codes, *places = rows->places;
    uint8_t *kinds = rows->kinds, before = SPACE;
    Py_ssize_t size = 0;
    switch (text->kind) {
    case PyUnicode_1BYTE_KIND:
        FOLD(Py_UCS1);
        break;
    case PyUnicode_2BYTE_KIND:
        FOLD(Py_UCS2);
        break;
    default:
        FOLD(Py_UCS4);
    }
    rows->size = size;
    return FINE;
}
