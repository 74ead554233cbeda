package org.chameleon;

import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.storage.Json;

/** What a command that goes on from a finished run may say otherwise than the run. */
final class RecordedSettings {
  private RecordedSettings() {}

  /**
   * Checks that a configuration is that of a run.
   *
   * @param free sections that may differ
   * @param refusal with one place for the sections that differ and their verb
   * @throws InvalidInputException if other sections differ
   */
  static void requireSame(RunConfig asked, JsonNode recorded, Set<String> free, String refusal) {
    JsonNode now = Secrets.hidden(Json.configuration(asked));
    TreeSet<String> others = new TreeSet<>();
    for (JsonNode tree : List.of(now, recorded)) {
      tree.fieldNames().forEachRemaining(others::add);
    }
    others.removeAll(free);
    others.removeIf(key -> now.path(key).equals(recorded.path(key)));
    if (!others.isEmpty()) {
      throw new InvalidInputException(
          refusal.formatted(String.join(", ", others) + (others.size() == 1 ? " is" : " are")));
    }
  }

  /** Returns whether recorded inputs had secrets, which are not recorded: they cannot be opened. */
  static boolean hideSecrets(RunConfig recorded) {
    List<String> paths =
        recorded.inputs().byKey().values().stream().flatMap(List::stream).collect(toList());
    recorded.evaluation().from().ifPresent(paths::add);
    recorded.evaluation().target().ifPresent(paths::add);
    paths.addAll(recorded.evaluation().candidates());
    return paths.stream().anyMatch(Secrets::wereIn);
  }
}
