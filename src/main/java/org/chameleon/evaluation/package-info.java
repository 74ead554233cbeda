/**
 * Small models trained under several mixtures, compared on held-out documents; a recommendation.
 */
package org.chameleon.evaluation;
