package org.chameleon.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The values that a number of the configuration may take, both ends included unless said. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.METHOD})
public @interface Range {
  /** The smallest value allowed. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The largest value allowed. */
  double max() default Double.POSITIVE_INFINITY;

  /** Whether {@link #min} itself is refused. */
  boolean aboveMin() default false;
}
