package org.chameleon.model;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Recognises, by its first bytes, a file that is not what its name says. */
final class FirstBytes {
  /** How many bytes are enough. */
  static final int ENOUGH = 64;

  private FirstBytes() {}

  /**
   * Returns what a file is and how to get the right one, as the rest of a sentence about it; empty
   * where nothing speaks against it.
   */
  static Optional<String> mistaken(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    String lower = text.stripLeading().toLowerCase(Locale.ROOT);
    if (text.startsWith("version https://git-lfs")) {
      return Optional.of(
          "it is a Git LFS pointer, not the file itself. Run 'git lfs pull' in the checkpoint's"
              + " repository and copy it again.");
    }
    if (lower.startsWith("<!doctype") || lower.startsWith("<html") || lower.startsWith("<?xml")) {
      return Optional.of("it is a web page, not the file itself. Download the file again.");
    }
    if (text.startsWith("\u001f\u008b")) {
      return Optional.of("it is compressed with gzip. Decompress it.");
    }
    if (text.startsWith("PK\u0003\u0004") || text.startsWith("\u0080\u0002\u008a\n")) {
      return Optional.of("it is a file of torch.save. " + WeightFiles.CONVERT);
    }
    return Optional.empty();
  }
}
