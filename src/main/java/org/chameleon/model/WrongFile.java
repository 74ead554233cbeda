package org.chameleon.model;

import java.util.Optional;
import org.chameleon.config.FirstBytes;

/** A file of a checkpoint that is not what its name says. */
final class WrongFile {
  private WrongFile() {}

  /**
   * Returns what a file with these first bytes is and how to get the right one, as the rest of a
   * sentence about it; empty where nothing speaks against it.
   */
  static Optional<String> of(byte[] start) {
    // Only what no header can begin with: the length of a short one looks like text in UTF-32.
    return switch (FirstBytes.kind(start).orElse("")) {
      case FirstBytes.GIT_LFS ->
          Optional.of(
              "it is a Git LFS pointer, not the file itself. Run 'git lfs pull' in the checkpoint's"
                  + " repository and copy it again.");
      case FirstBytes.MARKUP ->
          Optional.of("it is a web page, not the file itself. Download the file again.");
      case FirstBytes.GZIP -> Optional.of("it is compressed with gzip. Decompress it.");
      case FirstBytes.ZIP, FirstBytes.TORCH_SAVE ->
          Optional.of("it is a file of torch.save. " + WeightFiles.CONVERT);
      case FirstBytes.UTF_16 -> Optional.of("it is UTF-16 text. Save it as UTF-8.");
      default -> Optional.empty();
    };
  }
}
