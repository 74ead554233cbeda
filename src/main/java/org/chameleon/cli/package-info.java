/** The command line: each command parses, calls one class and prints. */
package org.chameleon.cli;
