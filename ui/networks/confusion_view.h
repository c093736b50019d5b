#pragma once
/// Which class was taken for which: counts of test images as a heat map, a row a true class, a column a
/// predicted one.

#include "ui/networks/network_view.h"

#include <QAbstractTableModel>

class QLabel;
class QTableView;

namespace zipml::ui {

class ConfusionModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    using QAbstractTableModel::QAbstractTableModel;
    /// @param snapshot null, or without an evaluation: empty
    void show(std::shared_ptr<const NetworkSnapshot> snapshot);
    [[nodiscard]] std::uint32_t count(int truth, int predicted) const;
    /// Images of a class.
    [[nodiscard]] std::uint32_t total(int truth) const;
    /// With the classes' names.
    [[nodiscard]] QString toCsv() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    [[nodiscard]] QString className(int index) const;

    std::shared_ptr<const NetworkSnapshot> snapshot_;
};

class ConfusionView : public NetworkView {
    Q_OBJECT
  public:
    explicit ConfusionView(QWidget* parent);
    void show(const NetworkRun* run) override;
    [[nodiscard]] const ConfusionModel& model() const { return *model_; }

  signals:
    void message(const QString& text, bool bad);

  private:
    void openMenu(const QPoint& position);

    ConfusionModel* model_;
    QLabel* caption_;
    QTableView* table_;
};

} // namespace zipml::ui
