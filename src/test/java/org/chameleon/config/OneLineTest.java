package org.chameleon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void textIsShownAsItIs() {
    assertThat(OneLine.of("h.0.attn.größe 模型 🦎")).isEqualTo("h.0.attn.größe 模型 🦎");
  }

  @Test
  void whatBreaksOrTurnsALineIsNotShown() {
    assertThat(OneLine.of("a\r\nb\u2028c\u2029d\u0085e\0f\u202eg\ud800h"))
        .isEqualTo("a??b?c?d?e?f?g?h");
  }

  @Test
  void longTextIsCut() {
    assertThat(OneLine.of("a".repeat(200))).hasSize(200);
    assertThat(OneLine.of("a".repeat(201))).isEqualTo("a".repeat(200) + "…");
    assertThat(OneLine.of("a".repeat(199) + "🦎")).isEqualTo("a".repeat(199) + "?…");
  }
}
