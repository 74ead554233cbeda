package org.chameleon.corpus;

/**
 * A file that lies where the corpus does and is not read.
 *
 * @param path its URI
 * @param bytes its size
 * @param reason why it is not
 */
public record LeftOut(String path, long bytes, String reason) {}
