package org.chameleon.report;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Parts of a page: its tables and its charts. */
class PageFixture {
  /** Returns the cells of the table's body as they stand in the page. */
  static List<List<String>> rows(String html) {
    String body = html.substring(html.indexOf("<tbody>"), html.indexOf("</tbody>"));
    return matches("<tr>(.*?)</tr>", body).stream()
        .map(row -> matches("<td[^>]*>(.*?)</td>", row))
        .toList();
  }

  static List<String> matches(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  static String svg(String html, String label) {
    return matches("(<svg [^>]*aria-label=\"%s\">.*?</svg>)".formatted(label), html).get(0);
  }

  /** Parses a chart, which so is well formed whatever the names. */
  static Document xml(String svg) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
    } catch (Exception e) {
      throw new AssertionError(svg, e);
    }
  }

  static List<Element> elements(Document chart, String name) {
    NodeList found = chart.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  static List<String> attributes(Document chart, String element, String name) {
    return elements(chart, element).stream().map(e -> e.getAttribute(name)).toList();
  }

  static List<String> texts(Document chart, String element) {
    return elements(chart, element).stream().map(Element::getTextContent).toList();
  }
}
