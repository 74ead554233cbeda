package org.chameleon.report;

import java.util.Locale;
import org.chameleon.mixture.Mixture;

/** The affinity as a picture: each pair's kernel over the root of the two domains' own. */
final class AffinityChart {
  private static final int LEFT = 150;
  private static final int SIZE = 460;

  private final Mixture mixture;

  AffinityChart(Mixture mixture) {
    this.mixture = mixture;
  }

  String svg() {
    int k = mixture.domains().size();
    double cell = (double) SIZE / k;
    StringBuilder svg =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"affinity\">%n",
                LEFT + SIZE + 90,
                SIZE + 140));
    for (int i = 0; i < k; i++) {
      label(svg, i, cell);
      for (int j = 0; j < k; j++) {
        cell(svg, i, j, cell);
      }
    }
    return svg.append("</svg>").toString();
  }

  private void label(StringBuilder svg, int i, double cell) {
    String name = Report.escape(mixture.domains().get(i).name());
    double middle = (i + 0.5) * cell;
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
            LEFT - 8,
            middle + 4,
            name));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text transform=\"translate(%.1f,%d) rotate(40)\">%s</text>%n",
            LEFT + middle - 4,
            SIZE + 16,
            name));
  }

  private void cell(StringBuilder svg, int i, int j, double cell) {
    double[][] kernel = mixture.affinity();
    double norm = Math.sqrt(kernel[i][i] * kernel[j][j]);
    double cosine = norm > 0 ? Math.max(-1, Math.min(1, kernel[i][j] / norm)) : 0;
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s, %s: K ="
                + " %.4g, cosine %.2f</title></rect>%n",
            LEFT + j * cell,
            i * cell,
            cell - 1,
            cell - 1,
            colour(cosine),
            Report.escape(mixture.domains().get(i).name()),
            Report.escape(mixture.domains().get(j).name()),
            kernel[i][j],
            cosine));
  }

  /** Blue for alike, white for unrelated, orange for opposite. */
  private static String colour(double cosine) {
    double strength = Math.abs(cosine);
    int[] full = cosine >= 0 ? new int[] {33, 102, 172} : new int[] {217, 110, 20};
    return String.format(
        Locale.ROOT,
        "#%02x%02x%02x",
        Math.round(255 + (full[0] - 255) * strength),
        Math.round(255 + (full[1] - 255) * strength),
        Math.round(255 + (full[2] - 255) * strength));
  }
}
