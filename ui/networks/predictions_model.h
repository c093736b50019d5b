#pragma once
/// The test images with what a network makes of them.

#include "ui/networks/network_runs.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace zipml::ui {

class PredictionsModel : public QAbstractListModel {
    Q_OBJECT
  public:
    using QAbstractListModel::QAbstractListModel;
    static constexpr int kTruthRole = Qt::UserRole, kPredictedRole = Qt::UserRole + 1;

    void show(std::shared_ptr<const NetworkSnapshot> snapshot);
    /// @param label of the images listed; -1: all
    void setFilter(bool wrongOnly, int label);
    /// The number of the test image in a row.
    [[nodiscard]] std::size_t image(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    /// Where a test image is; -1: it is not listed.
    [[nodiscard]] int rowOf(std::size_t image) const;
    [[nodiscard]] const NetworkSnapshot* snapshot() const { return snapshot_.get(); }
    /// Of each class. @param row of this model
    [[nodiscard]] std::vector<double> probabilities(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

  private:
    void list();

    std::shared_ptr<const NetworkSnapshot> snapshot_;
    std::vector<std::size_t> rows_;
    bool wrongOnly_ = false;
    int label_ = -1;
};

/// An image over its true class and the predicted one.
class PredictionDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace zipml::ui
