/** Token budget, plan, manifest, and one exporter class per trainer. */
package org.chameleon.plan;
