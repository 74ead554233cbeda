package org.chameleon.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import org.chameleon.config.InvalidInputException;

/** A file that is not the JSON it should be. */
public final class UnreadableJsonException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  UnreadableJsonException(String where, IOException cause) {
    super(
        "Cannot read %s: it is not the JSON that was written there. Restore it, or make it anew."
            .formatted(where),
        cause);
    String said =
        cause instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : cause.getMessage();
    this.reason = String.valueOf(said).lines().findFirst().orElse("");
  }

  /** Returns what is wrong, in the words of the parser. */
  public String reason() {
    return reason;
  }
}
