#pragma once
/// The settings of a network's training: images, weights, solver. Each section stands for some keys of a
/// DeepSpec.

#include "core/deep/deep_spec.h"
#include "ui/widgets/panel_section.h"

class QCheckBox;
class QDoubleSpinBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace zipml::ui {

/// Where images come from and how training varies them.
class ImagesSection : public PanelSection {
    Q_OBJECT
  public:
    explicit ImagesSection(QWidget* parent);
    void write(deep::DeepSpec& spec) const;
    void show(const deep::DeepSpec& spec);
    /// A folder with CIFAR-10 or MNIST files, or a file in it.
    void setFolder(const QString& path);

  signals:
    void changed();

  private:
    void browse();

    QComboBox* source_; ///< editable: a folder, or "shapes"
    QPushButton* browse_;
    QSpinBox *trainImages_, *testImages_;
    QComboBox* augmentation_;
};

/// The network and what its numbers are rounded to.
class WeightsSection : public PanelSection {
    Q_OBJECT
  public:
    explicit WeightsSection(QWidget* parent);
    void write(deep::DeepSpec& spec) const;
    void show(const deep::DeepSpec& spec);

  signals:
    void changed();

  private:
    void update();

    QComboBox *network_, *weights_;
    QSpinBox* levels_;
    QComboBox *scope_, *rounding_;
    QSpinBox* refit_;
    QCheckBox *first_, *last_;
    QComboBox *activations_, *gradients_;
};

/// How it is trained; 0 is the network's own.
class NetworkSolverSection : public PanelSection {
    Q_OBJECT
  public:
    explicit NetworkSolverSection(QWidget* parent);
    /// @throws InputError naming the setting.
    void write(deep::DeepSpec& spec) const;
    void show(const deep::DeepSpec& spec);
    /// Says what a spec comes to.
    void describe(const deep::DeepSpec& spec);

  signals:
    void changed();

  private:
    QSpinBox *iterations_, *batch_;
    QDoubleSpinBox* rate_;
    QLineEdit* drops_;
    QSpinBox* evaluate_;
    QLineEdit* seed_;
    QSpinBox* threads_;
    QLabel* note_;
};

/// All but one core, so that the window stays quick.
int sharedThreads();
/// The help text of a DeepSpec's key.
QString deepHelpOf(std::string_view key);

} // namespace zipml::ui
