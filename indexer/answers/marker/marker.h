/* Texts folded and looked through for what a query seeks, and the stretches of them that are shown.
 *
 * The same as highlight.py and highlight_near.py, which say what is meant; all places are numbers of characters.
 */
#ifndef POLICY_SEARCH_MARKER_H
#define POLICY_SEARCH_MARKER_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* What the functions here return: all is well; no memory. */
enum { FINE = 0, NO_MEMORY = -2 };

/* What a character is, as in fold.py; a flag beside it says that a run of letters and digits begins there. */
enum { SPACE = 0, RUN = 2, PARTING = 3, KIND = 7, BEGINS = 8 };

typedef struct { /* a string of Python's, to be read from */
    int kind;
    const void *data;
    Py_ssize_t size;
} Text;

static inline Py_UCS4
character(const Text *text, Py_ssize_t place)
{
    return PyUnicode_READ(text->kind, text->data, place);
}

typedef struct { /* a text without spaces, folded */
    uint32_t *codes;
    uint32_t *places; /* of each of these in the text */
    uint8_t *kinds;
    Py_ssize_t size, room;
} Rows;

typedef struct { /* where something stands: its first and its last character in rows, or [first, last) of a text */
    uint32_t first, last, number; /* of the needle */
} Place;

typedef struct {
    Place *at;
    Py_ssize_t size, room;
} Places;

typedef struct { /* one row of units that is looked for */
    Py_ssize_t first, size;          /* in the codes of the query */
    Py_ssize_t first_run, run_count; /* pairs of places in it, [start, end) */
} SoughtRow;

typedef struct {
    Py_ssize_t first, count;
} Span;

typedef struct { /* strings that are marked where all stand near each other */
    Span rows;        /* needles, in the members of the query */
    Span words;       /* also looked for */
    Span held_back;   /* of both, what is not looked for by itself */
    Py_ssize_t window; /* characters */
    Py_ssize_t number; /* of the run among those of the whole query */
} Run;

typedef struct { /* what a query looks for in a text */
    PyObject_HEAD
    Py_buffer table; /* what each character becomes and is, see fold.py */
    uint32_t *codes;
    uint32_t *run_places;
    SoughtRow *rows;
    Span *ways;    /* of rows with nothing but breaks between */
    Span *needles; /* of ways, each as good as the other */
    Py_ssize_t needle_count;
    uint32_t *members;
    Run *runs;
    Py_ssize_t run_count;
    Py_ssize_t snippet_chars, most_places, most_needles;
} Sought;

typedef struct { /* a text in which is looked */
    const Sought *sought;
    Rows rows;
    Places *together; /* of each run, the first places where its strings stand near each other; number: the member */
    uint8_t *is_together; /* of each run, whether there is such a place */
    const uint8_t *elsewhere; /* by the numbers of runs, whether there is one in the other text; NULL: in none */
    Places held;      /* of those that are not shown wherever they stand, the places that are */
    uint8_t *is_held; /* of each needle, whether it is one of them */
} Seen;

/* folding.c */
int fold_rows(const Py_buffer *table, const Text *text, Rows *rows);
void free_rows(Rows *rows);

/* finding.c */
int add_place(Places *places, Py_ssize_t first, Py_ssize_t last, Py_ssize_t number);
void sort_places(Places *places);
Py_ssize_t merge_places(Places *places);
int occurrences(const Sought *sought, const Rows *rows, Py_ssize_t needle, Py_ssize_t first, Py_ssize_t last,
                Py_ssize_t most, Places *places);
int marks_within(Seen *seen, Py_ssize_t first, Py_ssize_t last, Places *marks);
int telling_places(Seen *seen, Places *places);
Py_ssize_t rows_before(const Rows *rows, Py_ssize_t place);

/* near.c */
int find_together(Seen *seen);
int hold_near(Seen *seen, Py_ssize_t first, Py_ssize_t last, int is_whole);

/* choosing.c */
Py_ssize_t choose_stretches(const Text *body, const Places *places, Py_ssize_t size, Py_ssize_t needles, Place *chosen);
Place beginning_of(const Text *body, Py_ssize_t size);

/* sought.c */
PyTypeObject *sought_type(void);

#endif
