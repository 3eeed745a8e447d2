package io.squisher.examples.reproduce.text.study;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** How good an order of sources is, given what each really brought. */
final class RankQuality {
    private RankQuality() {}

    /** 1 over the place of the truly best source, 0 to 1. */
    static double reciprocalRank(List<String> order, Map<String, Double> scores) {
        String best =
                order.stream().max(Comparator.comparingDouble(scores::get)).orElseThrow();
        return 1.0 / (order.indexOf(best) + 1);
    }

    /**
     * Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), Σ gain_i / log2(i + 1) over that of the best order, 0 to
     * 1. A source's gain is its score between that of the worst, 0, and that of the best, 1.
     *
     * @return NaN where all scores are the same
     */
    static double ndcg(List<String> order, Map<String, Double> scores) {
        double best = order.stream().mapToDouble(scores::get).max().orElseThrow();
        double worst = order.stream().mapToDouble(scores::get).min().orElseThrow();
        List<Double> gains = order.stream()
                .map(source -> (scores.get(source) - worst) / (best - worst))
                .toList();
        List<Double> ideal = gains.stream().sorted(Comparator.reverseOrder()).toList();
        return discounted(gains) / discounted(ideal);
    }

    private static double discounted(List<Double> gains) {
        double sum = 0;
        for (int i = 0; i < gains.size(); i++) {
            sum += gains.get(i) * Math.log(2) / Math.log(i + 2.0);
        }
        return sum;
    }
}
