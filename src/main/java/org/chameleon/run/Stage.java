package org.chameleon.run;

import java.util.List;
import java.util.Locale;

/** The stages of a run, in order. */
public enum Stage {
  /** The proxy is trained, or a given checkpoint taken over. */
  TRAIN("proxy"),
  /** Windows are drawn from every domain. */
  SAMPLE("sample"),
  /** Windows are embedded and averaged. */
  EMBED("embedding"),
  /** Weights are computed. */
  MIX("mixture.json"),
  /** Tokens are counted, where the plan asks for more than the sample tells. */
  COUNT("tokens.json"),
  /** Small models are trained under several mixtures; only where it is asked for. */
  EVALUATE("evaluation"),
  /** Tokens are planned, and trainers' files written. */
  PLAN("plan"),
  /** The page is drawn. */
  REPORT("report.html");

  private final String output;

  Stage(String output) {
    this.output = output;
  }

  /** Returns whether the stages before it change what it makes. */
  boolean dependsOnEarlier() {
    return this != COUNT;
  }

  /** Returns the file or folder of the run directory that the stage makes. */
  public String output() {
    return output;
  }

  /** Returns whether a path is that of its file, or lies in its folder. */
  boolean mayWrite(String path) {
    return (path + "/").startsWith(output + "/") && !List.of(path.split("/")).contains("..");
  }

  /** Returns whether it comes after another. */
  public boolean isAfter(Stage other) {
    return compareTo(other) > 0;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
