#pragma once
/// The settings of the next run: what a DeepSpec says.

#include "core/deep/deep_spec.h"

#include <QWidget>

namespace zipml::ui {

class ImagesSection;
class NetworkSolverSection;
class WeightsSection;

class NetworkPanel : public QWidget {
    Q_OBJECT
  public:
    explicit NetworkPanel(QWidget* parent = nullptr);

    /// What the page begins with: generated shapes and a small network, some seconds of work.
    [[nodiscard]] static deep::DeepSpec usualSpec();
    /// @throws InputError naming the setting.
    [[nodiscard]] deep::DeepSpec spec() const;
    void setSpec(const deep::DeepSpec& spec);
    /// A folder of images, or a file in it.
    void setFolder(const QString& path);

  private:
    void describe();

    ImagesSection* images_;
    WeightsSection* weights_;
    NetworkSolverSection* solver_;
    deep::DeepSpec base_; ///< has the settings without a control
};

/// Full precision, XNOR's five levels, the published optimal-5 and five exactly optimal ones, all else equal.
std::vector<deep::DeepSpec> networkComparison(deep::DeepSpec spec);

} // namespace zipml::ui
