package org.chameleon.training;

import java.util.Optional;
import org.chameleon.config.Range;

/**
 * Where the proxy comes from.
 *
 * @param checkpoint a Hugging Face checkpoint directory; unset: a GPT-2 model is trained here
 * @param torchscript a TorchScript module instead, {@code forward(ids, mask)} to hidden states,
 *     with a {@code tokenizer.json} beside it; such a file is code, and is run
 * @param train the model to train
 */
public record ProxyConfig(Optional<String> checkpoint, Optional<String> torchscript, Train train) {

  /** Refuses two proxies. */
  public ProxyConfig {
    if (checkpoint.isPresent() && torchscript.isPresent()) {
      throw new IllegalArgumentException(
          "checkpoint and torchscript are both set; a run has one proxy. Remove one of them.");
    }
  }

  /** Returns where the proxy is, if one is given. */
  public Optional<String> given() {
    return checkpoint.or(() -> torchscript);
  }

  /**
   * The sizes of a GPT-2 model and its tokenizer.
   *
   * @param vocabulary token ids, 257 at least: the bytes and the end of a text
   * @param layers blocks
   * @param width of the hidden states
   * @param heads of attention; they divide the width
   * @param context tokens of a training sequence, and most that a window may have
   */
  public record Train(
      @Range(min = 257, max = 1_000_000) int vocabulary,
      @Range(min = 1, max = 200) int layers,
      @Range(min = 1, max = 100_000) int width,
      @Range(min = 1, max = 1000) int heads,
      @Range(min = 2, max = 100_000) int context) {

    /** Refuses heads that do not divide the width. */
    public Train {
      if (width % heads != 0) {
        throw new IllegalArgumentException(
            "width " + width + " is not a multiple of heads " + heads);
      }
    }
  }
}
