/** Looks at what every executor can compute with, before a run does. */
package org.chameleon.doctor;
