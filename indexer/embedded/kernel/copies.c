/* Copies of one announcement in a list: which of them stand behind another one, as `copies.py` says. */
#include <stdlib.h>

#include "segment.h"

typedef struct { /* a document that has copies */
    int64_t group, key;
    Py_ssize_t place;
} Copy;

static int
compare(const void *one, const void *other)
{
    const Copy *a = one, *b = other;
    if (a->group != b->group) {
        return a->group < b->group ? -1 : 1;
    }
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return a->place < b->place ? -1 : a->place > b->place;
}

/* Gather the documents that have copies; return how many, or a code. */
static Py_ssize_t
gather(const int64_t *groups, Py_ssize_t size, const int64_t *documents, const int64_t *keys, Py_ssize_t count,
       Copy **copies)
{
    Py_ssize_t found = 0, room = 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        int64_t document = documents[place];
        if (document < 0 || document >= size) {
            return DAMAGED;
        }
        if (groups[document] == 0) {
            continue;
        }
        if (found == room) {
            room = room ? room * 2 : 64;
            Copy *more = PyMem_Realloc(*copies, (size_t)room * sizeof(Copy));
            if (more == NULL) {
                return NO_MEMORY;
            }
            *copies = more;
        }
        (*copies)[found++] = (Copy){groups[document], keys[place], place};
    }
    return found;
}

/* Set `kept` to 0 for each document that stands behind a copy of it; return how many do, or a code. */
static Py_ssize_t
leave_out_later(const int64_t *groups, Py_ssize_t size, const int64_t *documents, const int64_t *keys,
                Py_ssize_t count, uint8_t *kept)
{
    Copy *copies = NULL;
    Py_ssize_t found = gather(groups, size, documents, keys, count, &copies), later = 0;
    if (found > 1) {
        qsort(copies, (size_t)found, sizeof(Copy), compare);
    }
    for (Py_ssize_t at = 1; at < found; at++) {
        if (copies[at].group == copies[at - 1].group) {
            kept[copies[at].place] = 0;
            later++;
        }
    }
    PyMem_Free(copies);
    return found < 0 ? found : later;
}

PyObject *
kernel_leave_out_copies(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    static const char *const kinds[4] = {"q", "q", "q", "?"};
    Py_buffer views[4];
    int taken = 0;
    PyObject *later = NULL;
    (void)module;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "leave_out_copies(groups, documents, keys, kept)");
        return NULL;
    }
    for (; taken < 4; taken++) {
        if (!take_array(args[taken], &views[taken], kinds[taken], taken < 2 ? -1 : views[1].len / 8, taken == 3)) {
            goto done;
        }
    }
    Py_ssize_t found = leave_out_later(views[0].buf, views[0].len / 8, views[1].buf, views[2].buf, views[1].len / 8,
                                       views[3].buf);
    later = found < 0 ? raise_for((int)found) : PyLong_FromSsize_t(found);
done:
    while (taken-- > 0) {
        PyBuffer_Release(&views[taken]);
    }
    return later;
}
