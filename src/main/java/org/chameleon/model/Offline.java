package org.chameleon.model;

/** DJL fetches missing pieces and calls home unless it is told not to, before its first use. */
final class Offline {
  private Offline() {}

  static void require() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }
}
