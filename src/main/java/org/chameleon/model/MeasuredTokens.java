package org.chameleon.model;

/**
 * The tokens of a document, and how many bytes of its text each stands for.
 *
 * @param ids token ids
 * @param bytes UTF-8 bytes, one number for each id
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: a carrier
public record MeasuredTokens(int[] ids, int[] bytes) {}
