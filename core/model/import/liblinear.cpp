#include "core/model/import/read_model.h"

#include "core/base/error.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <sstream>

namespace zipml {
namespace {

/// What LIBLINEAR minimised, by the solver's name.
struct Solver {
    std::string_view name, loss;
    bool regression = false;
};
constexpr Solver kSolvers[] = {
    {"L2R_LR", "logistic"},
    {"L2R_LR_DUAL", "logistic"},
    {"L1R_LR", "logistic"},
    {"L2R_L2LOSS_SVC", "squared-hinge"},
    {"L2R_L2LOSS_SVC_DUAL", "squared-hinge"},
    {"L1R_L2LOSS_SVC", "squared-hinge"},
    {"L2R_L1LOSS_SVC_DUAL", "hinge"},
    {"MCSVM_CS", "hinge"},
    {"L2R_L2LOSS_SVR", "least-squares", true},
    {"L2R_L2LOSS_SVR_DUAL", "least-squares", true},
    {"L2R_L1LOSS_SVR_DUAL", "least-squares", true},
};

class Reader {
  public:
    Reader(const std::string& text, std::string what) : in_(text), what_(std::move(what)) {}

    LinearModel read() {
        readHead();
        const bool crammer = solver_->name == "MCSVM_CS";
        const std::size_t columns = solver_->regression || (classes_ == 2 && !crammer) ? 1 : classes_;
        std::vector<LinearParameters> scores(columns,
                                             LinearParameters::zero(static_cast<Eigen::Index>(features_)));
        for (std::size_t f = 0; f < features_; ++f)
            readRow(scores, [f](LinearParameters& one, double weight) {
                one.weights[static_cast<Eigen::Index>(f)] = weight;
            });
        if (bias_ >= 0)
            readRow(scores, [this](LinearParameters& one, double weight) { one.intercept = weight * bias_; });
        return modelOf(std::move(scores));
    }

  private:
    [[noreturn]] void fail(const std::string& why) const {
        throw InputError(what_ + ":" + std::to_string(line_) + ": " + why);
    }

    std::string nextLine() {
        std::string text;
        ++line_;
        if (!std::getline(in_, text))
            fail("the model ends here; give the whole file that liblinear-train wrote");
        return text;
    }

    double number(const std::string& word) const {
        double value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value))
            fail("'" + word + "' is not a number");
        return value;
    }

    std::size_t count(const std::string& word, std::size_t least) const {
        constexpr double kMost = 1e8;
        const double value = number(word);
        if (value < static_cast<double>(least) || value > kMost || value != std::floor(value))
            fail("'" + word + "' is no number of features or classes");
        return static_cast<std::size_t>(value);
    }

    void readHead() {
        for (std::string text = nextLine(); text != "w"; text = nextLine()) {
            std::istringstream words(text);
            std::string key, word;
            words >> key >> word;
            if (key == "solver_type")
                solver_ = solverNamed(word);
            else if (key == "nr_class")
                classes_ = count(word, 1);
            else if (key == "nr_feature")
                features_ = count(word, 1);
            else if (key == "bias")
                bias_ = number(word);
            else if (key == "label")
                for (; !word.empty(); word.clear(), words >> word)
                    labels_.push_back(number(word));
            else
                fail("'" + key + "' is nothing that is known of a LIBLINEAR model");
        }
        if (solver_ == nullptr || features_ == 0 || classes_ == 0)
            fail("solver_type, nr_class and nr_feature must stand before the weights");
        if (!solver_->regression && (classes_ < 2 || labels_.size() != classes_))
            fail("a classification has as many labels as classes, at least 2");
    }

    [[nodiscard]] const Solver* solverNamed(const std::string& name) const {
        for (const Solver& solver : kSolvers)
            if (solver.name == name)
                return &solver;
        fail("the solver " + name + " makes no model of classes or of numbers that is read here");
    }

    template <class Take>
    void readRow(std::vector<LinearParameters>& scores, const Take& take) {
        std::istringstream words(nextLine());
        for (LinearParameters& one : scores) {
            std::string word;
            if (!(words >> word))
                fail("a line of weights has one for each score, " + std::to_string(scores.size()) + " here");
            take(one, number(word));
        }
    }

    LinearModel modelOf(std::vector<LinearParameters> scores) {
        LinearModel model;
        model.scaling = {ScalingKind::None, std::vector<double>(features_),
                         std::vector<double>(features_, 1)};
        model.spec = {{"loss", solver_->loss}, {"scaling", "none"}, {"estimator", "full"}};
        if (solver_->regression) {
            model.parameters = std::move(scores.front());
            return model;
        }
        model.task = Task::Classification;
        if (classes_ > 2) {
            model.classLabels = labels_;
            model.parameters = LinearParameters::zero(static_cast<Eigen::Index>(features_));
            model.perClass = std::move(scores);
            return model;
        }
        LinearParameters first = std::move(scores.front());
        if (scores.size() == 2) // Crammer and Singer: the higher of two scores decides
            first -= scores[1];
        if (labels_[0] > labels_[1]) {
            model.classLabels = {labels_[1], labels_[0]};
            model.parameters = std::move(first);
        } else { // as the lab writes it: high scores are the greater label's here
            model.classLabels = labels_;
            model.parameters = LinearParameters::zero(static_cast<Eigen::Index>(features_));
            model.parameters -= first;
        }
        return model;
    }

    std::istringstream in_;
    std::string what_;
    std::size_t line_ = 0, classes_ = 0, features_ = 0;
    const Solver* solver_ = nullptr;
    double bias_ = -1;
    std::vector<double> labels_;
};

} // namespace

LinearModel modelFromLiblinear(const std::string& text, const std::string& what) {
    return Reader(text, what).read();
}

} // namespace zipml
