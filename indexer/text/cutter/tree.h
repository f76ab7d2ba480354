/* A dictionary as a tree: a node for each word and for all that begins one, a word's last character deepest.
 *
 * Nodes are numbered in the order of their strings, so the numbers of words are in the order of words. Each character
 * that the cutters take for Chinese is a node, whether or not the dictionary knows it: it is a word alone.
 */
#ifndef POLICY_SEARCH_TREE_H
#define POLICY_SEARCH_TREE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

#define FIRST_HAN 0x4E00 /* as in jieba_dictionary */
#define LAST_HAN 0x9FD5
#define HAN (LAST_HAN - FIRST_HAN + 1)
#define HAN_BYTES 3 /* of each in UTF-8 */
#define NODE_BITS 24 /* of a number of a node, at most */

typedef struct {
    double likelihood; /* logarithm; -INFINITY: no word, but begins one */
    uint32_t parent;
    uint16_t character; /* counted from FIRST_HAN, as all of them here */
    uint16_t has_children;
} Node;

typedef struct {
    Node *nodes;
    uint32_t count, room;
    uint64_t *children; /* a hash table: parent, character and child in one number, 0 where none is */
    int shift;          /* 64 less the bits of its size */
    double unknown;     /* likelihood of a character that the dictionary does not know */
    uint32_t first[HAN];
} Tree;

static inline uint64_t
key_of(uint32_t parent, uint16_t character)
{
    return (uint64_t)parent << 16 | character;
}

/* Return where in the table a child stands, or would stand. */
static inline uint64_t *
slot_of(const Tree *tree, uint64_t key)
{
    uint64_t mask = (UINT64_C(1) << (64 - tree->shift)) - 1;
    uint64_t at = (key * UINT64_C(0x9E3779B97F4A7C15)) >> tree->shift;
    while (tree->children[at] != 0 && tree->children[at] >> NODE_BITS != key) {
        at = (at + 1) & mask;
    }
    return &tree->children[at];
}

/* Return the child of a node by a character; 0, which is nobody's child, if it has none. */
static inline uint32_t
child_of(const Tree *tree, uint32_t parent, uint16_t character)
{
    return (uint32_t)(*slot_of(tree, key_of(parent, character)) & ((1u << NODE_BITS) - 1));
}

/* Grow a tree, all zeros so far, from lines of words with their frequencies, which add up to `total`.
 *
 * Of two lines for a word the later counts; what is not a word of nothing but Chinese characters is left out. Return 0
 * where there is no memory. */
int grow(Tree *tree, const char *lines, Py_ssize_t size, double total);

void fell(Tree *tree);

#endif
