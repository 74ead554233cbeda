/** What the stages ask of Spark's cluster: settings, GPUs, and counts of what tasks did. */
package org.chameleon.cluster;
