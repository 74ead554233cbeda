package org.chameleon.export;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.mixture.Warning;

/**
 * Mixture files, and what to warn of.
 *
 * @param files content by name below {@code plan/exports}
 * @param warnings how the files differ from the plan, and what they need
 */
public record Export(Map<String, String> files, List<Warning> warnings) {

  /** Copies both. */
  public Export {
    files = new TreeMap<>(files);
    warnings = List.copyOf(warnings);
  }

  static Export of(String name, String text, List<Warning> warnings) {
    return new Export(Map.of(name, text), warnings);
  }
}
