package org.chameleon.config;

import java.util.regex.Pattern;

/** Text of somebody else's file as a message shows it. */
public final class OneLine {
  private static final int MOST = 200;

  /** Control characters, separators of lines, and what turns the direction of text or hides it. */
  private static final Pattern NOT_SHOWN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private OneLine() {}

  /** Returns a text on one line, the first 200 characters of it, with ? for what is not shown. */
  public static String of(String text) {
    boolean isLong = text.length() > MOST;
    String first = isLong ? text.substring(0, MOST) + "…" : text;
    return NOT_SHOWN.matcher(first).replaceAll("?");
  }
}
