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
    return FirstBytes.kind(start)
        .map(
            kind ->
                switch (kind) {
                  case FirstBytes.GIT_LFS ->
                      "it is "
                          + kind
                          + ". Run 'git lfs pull' in the checkpoint's repository and copy it again.";
                  case FirstBytes.MARKUP ->
                      "it is a web page, not the file itself. Download it again.";
                  case FirstBytes.GZIP -> "it is compressed with gzip. Decompress it.";
                  case FirstBytes.ZIP, FirstBytes.TORCH_SAVE ->
                      "it is a file of torch.save. " + WeightFiles.CONVERT;
                  default -> "it is " + kind + ". Copy the checkpoint again.";
                });
  }
}
