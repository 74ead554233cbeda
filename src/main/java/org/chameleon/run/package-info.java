/**
 * A run as it lies in its directory: stages, what they write, what is recorded of them, and
 * finished runs seen from outside. It knows the results of stages, not how they are made.
 */
package org.chameleon.run;
