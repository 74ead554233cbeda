package org.chameleon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** A Maven build file, as a test reads it. */
public record Pom(Element project) {

  /** Reads the file at a path from the project's folder. */
  public static Pom of(String path) throws IOException {
    try {
      return new Pom(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(Path.of(path).toFile())
              .getDocumentElement());
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(path, e);
    }
  }

  /** Returns the version of what is built. */
  public String version() {
    return child(project, "version");
  }

  /** Returns the name of what is built. */
  public String artifactId() {
    return child(project, "artifactId");
  }

  /** Returns the properties of the project, in their order, without those of profiles. */
  public Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    children(project)
        .filter(element -> element.getTagName().equals("properties"))
        .flatMap(Pom::children)
        .forEach(property -> properties.put(property.getTagName(), property.getTextContent()));
    return properties;
  }

  /** Returns the versions of all dependencies, plugins and artifacts, as they are written. */
  public List<String> versions() {
    return Stream.of("dependency", "plugin", "artifactItem", "path")
        .flatMap(this::all)
        .map(element -> child(element, "version"))
        .filter(version -> !version.isEmpty())
        .toList();
  }

  /** Returns the names of the jars that are fetched, as they are in a repository. */
  public List<String> jars() {
    return all("artifactItem")
        .map(
            item ->
                Stream.of("artifactId", "version", "classifier")
                    .map(tag -> value(child(item, tag)))
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining("-", "", ".jar")))
        .toList();
  }

  private String value(String text) {
    String value = text;
    for (Map.Entry<String, String> property : properties().entrySet()) {
      value = value.replace("${" + property.getKey() + "}", property.getValue());
    }
    return value;
  }

  private Stream<Element> all(String tag) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < project.getElementsByTagName(tag).getLength(); i++) {
      elements.add((Element) project.getElementsByTagName(tag).item(i));
    }
    return elements.stream();
  }

  private static String child(Element parent, String tag) {
    return children(parent)
        .filter(element -> element.getTagName().equals(tag))
        .map(Node::getTextContent)
        .findFirst()
        .orElse("");
  }

  private static Stream<Element> children(Element parent) {
    List<Element> elements = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        elements.add(element);
      }
    }
    return elements.stream();
  }
}
