/** The token budget of a training run, and its manifest. */
package org.chameleon.plan;
