/** Pure maths: affinity, leverage scores, objective, weights, stability. No I/O, no session. */
package org.chameleon.mixture;
