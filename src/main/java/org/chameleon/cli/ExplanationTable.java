package org.chameleon.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.chameleon.Explanation;
import org.chameleon.mixture.Movement;

/** Why weights moved, for a terminal: a column for each cause that moved any. */
final class ExplanationTable {
  /** Less is printed as nothing. */
  private static final double LEAST = 0.00005;

  private static final int WIDTH = 80;
  private static final int CELL = 8;
  private static final int NAME = 24;

  private final Explanation explanation;
  private final Map<String, ToDoubleFunction<Movement>> causes = new LinkedHashMap<>();

  ExplanationTable(Explanation explanation) {
    this.explanation = explanation;
    causes.put("config", Movement::settings);
    causes.put("gone", Movement::gone);
    causes.put("sizes", Movement::sizes);
    causes.put("own", movement -> movement.own() == null ? 0 : movement.own());
    causes.put("others", Movement::others);
    causes.put("come", Movement::come);
    causes.put("debias", Movement::rest);
    causes.put("plan", m -> explanation.plan().getOrDefault(m.domain(), 0.0));
    causes
        .values()
        .removeIf(
            cause ->
                explanation.domains().stream()
                    .allMatch(movement -> Math.abs(cause.applyAsDouble(movement)) < LEAST));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    if (!causes.isEmpty()) {
      text.append(System.lineSeparator()).append(row("points, by cause", causes.keySet()));
      for (Movement movement : explanation.domains()) {
        List<String> cells = new ArrayList<>();
        causes
            .values()
            .forEach(cause -> cells.add(ComparisonTable.points(cause.applyAsDouble(movement))));
        text.append(row(movement.domain(), cells));
      }
      text.append(System.lineSeparator());
      text.append(WrappedText.of("causes:", meanings()));
    }
    for (Movement.Nearest nearest : explanation.nearest()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s is most like %s (cosine %.2f)%n",
              nearest.domain(),
              nearest.nearest(),
              nearest.cosine()));
    }
    return text.toString();
  }

  private String meanings() {
    Map<String, String> meanings = new LinkedHashMap<>();
    meanings.put("config", "settings of mixture");
    meanings.put("gone", "domains that are gone");
    meanings.put("sizes", "sizes, in families");
    meanings.put("own", "own embedding");
    meanings.put("others", "embeddings of others");
    meanings.put("come", "domains that came");
    meanings.put("debias", "mixture.debias");
    meanings.put("plan", "prior, epochs, floors and ceilings");
    meanings.keySet().retainAll(causes.keySet());
    List<String> sentences = new ArrayList<>();
    meanings.forEach((cause, meaning) -> sentences.add(cause + " = " + meaning));
    return "one after the other, in this order: " + String.join("; ", sentences);
  }

  private String row(String name, Iterable<String> cells) {
    int width = Math.min(NAME, WIDTH - CELL * causes.size());
    StringBuilder row = new StringBuilder(MixtureTable.shortened(name, width));
    row.append(" ".repeat(width - row.length()));
    cells.forEach(cell -> row.append(String.format("%" + CELL + "s", cell)));
    return row.append(System.lineSeparator()).toString();
  }
}
