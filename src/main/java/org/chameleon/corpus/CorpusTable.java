package org.chameleon.corpus;

/**
 * A table that the corpus was read from, as it was then.
 *
 * @param path URI of its folder
 * @param format {@code delta} or {@code iceberg}
 * @param version Delta's version, or the id of Iceberg's snapshot
 */
public record CorpusTable(String path, String format, long version) {}
