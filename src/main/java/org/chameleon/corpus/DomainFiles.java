package org.chameleon.corpus;

import java.util.List;

/**
 * The files that hold one domain.
 *
 * @param domain its name
 * @param rows its documents
 * @param bytes its share of the files' sizes: all of a file of its own, and of a shared file as
 *     much as it has of the rows
 * @param sources the files in the order of their paths
 */
public record DomainFiles(String domain, long rows, long bytes, List<Source> sources) {

  /**
   * One file with rows of the domain.
   *
   * @param path its URI
   * @param bytes the size of the whole file
   * @param rows the rows of the domain in it
   * @param shared whether rows of other domains are in it too
   */
  public record Source(String path, long bytes, long rows, boolean shared) {}

  /** Copies the list. */
  public DomainFiles {
    sources = List.copyOf(sources);
  }
}
