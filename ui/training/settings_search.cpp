#include "ui/training/settings_search.h"

#include "ui/widgets/folding_group.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QSettings>
#include <QTimer>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace zipml::ui {
namespace {

constexpr const char* kOpenGroups = "panel/open";
constexpr const char* kAllOpen = "panel/all";

/// What is known of a setting in words, to be searched.
QString wordsOf(const SettingRow& row) {
    QString text = titleOf(row.key) + " " + QString(row.key).replace('_', ' ') + " " + helpOf(row.key);
    if (row.group != nullptr)
        text += " " + row.group->title();
    if (const auto* combo = qobject_cast<QComboBox*>(row.control))
        for (int i = 0; i < combo->count(); ++i)
            text += " " + combo->itemText(i);
    return text;
}

bool hasAll(const QString& text, const QStringList& words) {
    return std::ranges::all_of(words,
                               [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

QString valueText(const nlohmann::json& value) {
    return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump());
}

} // namespace

SettingsSearch::SettingsSearch(std::vector<PanelSection*> sections, QWidget* parent)
    : QWidget(parent), sections_(std::move(sections)), words_(new QLineEdit(this)),
      all_(new QCheckBox(tr("&All open"), this)) {
    words_->setObjectName("findSetting");
    words_->setPlaceholderText(tr("Find a setting"));
    words_->setAccessibleName(tr("Find a setting"));
    words_->setToolTip(tr("Words of its name, its help or its choices; Enter goes to the first one"));
    words_->setClearButtonEnabled(true);
    all_->setObjectName("allSettings");
    all_->setToolTip(tr("Show every setting, without groups that are closed"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 10, 0, 2);
    row->addWidget(words_, 1);
    row->addWidget(all_);
    all_->setChecked(QSettings().value(kAllOpen, false).toBool());
    showRemembered();
    connect(words_, &QLineEdit::textChanged, this, &SettingsSearch::find);
    connect(words_, &QLineEdit::returnPressed, this, [this] {
        const QStringList words = words_->text().split(' ', Qt::SkipEmptyParts);
        const auto all = settings();
        const auto first = std::ranges::find_if(all, [&](const SettingRow& each) {
            return each.control->isVisibleTo(window()) && hasAll(wordsOf(each), words);
        });
        if (!words.isEmpty() && first != all.end())
            reveal(*first);
    });
    connect(all_, &QCheckBox::toggled, this, &SettingsSearch::openAll);
    for (auto* group : groups())
        connect(group, &FoldingGroup::toggled, this, &SettingsSearch::remember);
}

std::vector<FoldingGroup*> SettingsSearch::groups() const {
    std::vector<FoldingGroup*> all;
    for (const auto* section : sections_)
        all.insert(all.end(), section->groups().begin(), section->groups().end());
    return all;
}

std::vector<SettingRow> SettingsSearch::settings() const {
    std::vector<SettingRow> all;
    for (const auto* section : sections_)
        all.insert(all.end(), section->settings().begin(), section->settings().end());
    std::ranges::stable_partition(all, [](const SettingRow& row) { return row.group == nullptr; });
    return all;
}

bool SettingsSearch::isThere(const SettingRow& row) const {
    return std::ranges::any_of(sections_, [&](const PanelSection* section) { return section->offers(row); });
}

void SettingsSearch::countChanges(const RunSpec& spec) {
    static const nlohmann::json usual = toJson(RunSpec{});
    const nlohmann::json now = toJson(spec);
    const auto all = settings();
    for (auto* group : groups()) {
        QStringList lines;
        for (const auto& row : all)
            if (row.group == group && now.at(row.key) != usual.at(row.key)) {
                const QString value = valueText(now.at(row.key));
                lines << tr("%1: %2").arg(titleOf(row.key), valueTitle(row.key, value.toStdString()));
            }
        group->setChanged(lines);
    }
}

void SettingsSearch::reveal(const SettingRow& row) {
    if (row.group != nullptr && !row.group->isOpen()) {
        row.group->setOpen(true);
        remember();
    }
    row.control->setFocus(Qt::ShortcutFocusReason);
    // Once the layout has made room for what was opened.
    QTimer::singleShot(0, row.control, [control = row.control] {
        for (QWidget* above = control->parentWidget(); above != nullptr; above = above->parentWidget())
            if (auto* area = qobject_cast<QScrollArea*>(above))
                return area->ensureWidgetVisible(control, 0, 40);
    });
}

void SettingsSearch::mark(const SettingRow& row, bool found) {
    for (const auto* section : sections_)
        if (QLabel* label = section->labelOfRow(row.control)) {
            QFont font = label->font();
            font.setBold(found);
            label->setFont(font);
        }
}

void SettingsSearch::find(const QString& text) {
    const QStringList words = text.split(' ', Qt::SkipEmptyParts);
    std::set<const FoldingGroup*> having;
    for (const auto& row : settings()) {
        const bool found = !words.isEmpty() && hasAll(wordsOf(row), words);
        mark(row, found);
        if (found)
            having.insert(row.group);
    }
    if (words.isEmpty())
        return showRemembered();
    for (auto* group : groups()) {
        group->followRows(); // also those that an earlier text hid
        group->setOpen(having.contains(group));
        if (!having.contains(group))
            group->hide();
    }
}

void SettingsSearch::openAll(bool open) {
    QSettings().setValue(kAllOpen, open);
    if (words_->text().isEmpty())
        showRemembered();
}

void SettingsSearch::showRemembered() {
    const QStringList open = QSettings().value(kOpenGroups).toStringList();
    for (auto* group : groups()) {
        group->followRows();
        group->setOpen(all_->isChecked() || open.contains(group->objectName()));
    }
}

/// What is open beside the switch and a search.
void SettingsSearch::remember() {
    if (!words_->text().isEmpty() || all_->isChecked())
        return;
    QStringList open;
    for (const auto* group : groups())
        if (group->isOpen())
            open << group->objectName();
    QSettings().setValue(kOpenGroups, open);
}

} // namespace zipml::ui
