#include "ui/widgets/setting_words.h"

#include "core/lab/run_spec.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <vector>

namespace zipml::ui {
namespace {

struct SettingName {
    std::string_view key;
    const char* label;
};

constexpr SettingName kSettingNames[] = {
    {"data", QT_TRANSLATE_NOOP("Settings", "&Training")},
    {"test", QT_TRANSLATE_NOOP("Settings", "T&est file")},
    {"split", QT_TRANSLATE_NOOP("Settings", "Train s&hare")},
    {"format", QT_TRANSLATE_NOOP("Settings", "Format")},
    {"delimiter", QT_TRANSLATE_NOOP("Settings", "Delimiter")},
    {"decimal", QT_TRANSLATE_NOOP("Settings", "Decimal mark")},
    {"header", QT_TRANSLATE_NOOP("Settings", "Header line")},
    {"encoding", QT_TRANSLATE_NOOP("Settings", "Encoding")},
    {"skip_lines", QT_TRANSLATE_NOOP("Settings", "Skip lines")},
    {"label_column", QT_TRANSLATE_NOOP("Settings", "Label column")},
    {"categories", QT_TRANSLATE_NOOP("Settings", "Categories")},
    {"times", QT_TRANSLATE_NOOP("Settings", "Dates, times")},
    {"missing", QT_TRANSLATE_NOOP("Settings", "Missing")},
    {"missing_marks", QT_TRANSLATE_NOOP("Settings", "Also missing")},
    {"index_base", QT_TRANSLATE_NOOP("Settings", "First index")},
    {"width", QT_TRANSLATE_NOOP("Settings", "Features")},
    {"matrix", QT_TRANSLATE_NOOP("Settings", "Values")},
    {"labels", QT_TRANSLATE_NOOP("Settings", "Labels")},
    {"upright", QT_TRANSLATE_NOOP("Settings", "Upright")},
    {"task", QT_TRANSLATE_NOOP("Settings", "Task")},
    {"scaling", QT_TRANSLATE_NOOP("Settings", "S&caling")},
    {"label_scaling", QT_TRANSLATE_NOOP("Settings", "Label scalin&g")},
    {"loss", QT_TRANSLATE_NOOP("Settings", "&Loss")},
    {"class_weights", QT_TRANSLATE_NOOP("Settings", "Class weights")},
    {"regularizer", QT_TRANSLATE_NOOP("Settings", "Reg&ularizer")},
    {"estimator", QT_TRANSLATE_NOOP("Settings", "E&stimator")},
    {"degree", QT_TRANSLATE_NOOP("Settings", "Degree")},
    {"interval", QT_TRANSLATE_NOOP("Settings", "Interval")},
    {"band", QT_TRANSLATE_NOOP("Settings", "Band")},
    {"certificate", QT_TRANSLATE_NOOP("Settings", "Certificate")},
    {"bits", QT_TRANSLATE_NOOP("Settings", "&Bits")},
    {"store", QT_TRANSLATE_NOOP("Settings", "Store")},
    {"grid", QT_TRANSLATE_NOOP("Settings", "&Grid")},
    {"shared_grid", QT_TRANSLATE_NOOP("Settings", "Shared grid")},
    {"copies", QT_TRANSLATE_NOOP("Settings", "Copies")},
    {"rounding", QT_TRANSLATE_NOOP("Settings", "&Rounding")},
    {"arithmetic", QT_TRANSLATE_NOOP("Settings", "Arithmetic")},
    {"model_bits", QT_TRANSLATE_NOOP("Settings", "&Model bits")},
    {"gradient_bits", QT_TRANSLATE_NOOP("Settings", "Gradient bits")},
    {"vector_scale", QT_TRANSLATE_NOOP("Settings", "Their scale")},
    {"device", QT_TRANSLATE_NOOP("Settings", "Device")},
    {"solver", QT_TRANSLATE_NOOP("Settings", "Solver")},
    {"inner_passes", QT_TRANSLATE_NOOP("Settings", "Passes an anchor")},
    {"batch", QT_TRANSLATE_NOOP("Settings", "B&atch (rows)")},
    {"epochs", QT_TRANSLATE_NOOP("Settings", "E&pochs")},
    {"step", QT_TRANSLATE_NOOP("Settings", "Step si&ze")},
    {"schedule", QT_TRANSLATE_NOOP("Settings", "Schedule")},
    {"order", QT_TRANSLATE_NOOP("Settings", "Row order")},
    {"average", QT_TRANSLATE_NOOP("Settings", "Average")},
    {"at", QT_TRANSLATE_NOOP("Settings", "Switches")},
    {"intercept", QT_TRANSLATE_NOOP("Settings", "&Intercept")},
    {"seed", QT_TRANSLATE_NOOP("Settings", "See&d")},
    {"early_stop", QT_TRANSLATE_NOOP("Settings", "Early stop")},
    {"bias_draws", QT_TRANSLATE_NOOP("Settings", "Bias draws")},
};

struct ChoiceName {
    std::string_view key, value, title;
};

template <class Enum>
void addChoices(std::vector<ChoiceName>& all, std::string_view key) {
    for (const auto& entry : namesOf<Enum>())
        all.push_back({key, entry.name, entry.title});
}

/// Longer names first, so that none is found within another.
const std::vector<ChoiceName>& choiceNames() {
    static const std::vector<ChoiceName> names = [] {
        std::vector<ChoiceName> all;
        addChoices<Task>(all, "task");
        addChoices<ScalingKind>(all, "scaling");
        addChoices<LabelScalingKind>(all, "label_scaling");
        addChoices<LossKind>(all, "loss");
        addChoices<RegularizerKind>(all, "regularizer");
        addChoices<EstimatorKind>(all, "estimator");
        addChoices<CertificateKind>(all, "certificate");
        addChoices<StoreKind>(all, "store");
        addChoices<GridKind>(all, "grid");
        addChoices<Arithmetic>(all, "arithmetic");
        addChoices<VectorScale>(all, "vector_scale");
        addChoices<SolverKind>(all, "solver");
        addChoices<ScheduleKind>(all, "schedule");
        addChoices<RowOrder>(all, "order");
        addChoices<RoundingTime>(all, "rounding");
        std::ranges::stable_sort(all, std::ranges::greater{},
                                 [](const auto& each) { return each.value.size(); });
        return all;
    }();
    return names;
}

/// A name as it is typed, and what stands on the screen for it.
struct TypedName {
    QRegularExpression typed;
    QString shown;
    std::string_view key = {};
    bool common = false; ///< also a word of the language
};

QString wholeWord(std::string_view word) {
    return "(?<![\\w/.-])" + QRegularExpression::escape(toQt(word)) + "(?![\\w/-])";
}

/// Flags of the command line; some controls of the Data page are tables.
const std::vector<std::pair<QRegularExpression, QString>>& flagNames() {
    const auto tr = [](const char* text) { return QCoreApplication::translate("Settings", text); };
    static const std::vector<std::pair<QRegularExpression, QString>> names{
        {QRegularExpression("\\(Go on on the CPU in the window, --cpu-fallback on the command line\\)"),
         tr("(Selected run › Go on on the CPU)")},
        {QRegularExpression("--ignore( \\d+)?"), tr("the role Ignored")},
        {QRegularExpression("--label-column none"), tr("Label: None")},
        {QRegularExpression("--label-column"), tr("the role Label")},
        {QRegularExpression("--times seconds"), tr("Dates, times: As seconds")},
        {QRegularExpression("--missing-marks"), tr("Also missing")},
        {QRegularExpression("--missing( \\w+(:\\w+)?)?"), tr("Missing")},
        {QRegularExpression("--categorical"), tr("the type Category")},
        {QRegularExpression("--categories"), tr("Categories")},
        {QRegularExpression("--class-weights"), tr("Class weights")},
        {QRegularExpression("--index-base"), tr("First index")},
        {QRegularExpression("--skip-lines"), tr("Skip lines")},
        {QRegularExpression("--width"), tr("Features")},
        {QRegularExpression("--labels"), tr("Labels")},
        {QRegularExpression("--matrix"), tr("Values")},
    };
    return names;
}

/// The key that a message is about: "grid" of "grid: no levels are given".
std::string_view keyAhead(const QString& text) {
    const QString word = text.section(": ", 0, 0);
    for (const auto& [key, label] : kSettingNames)
        if (word == toQt(key))
            return key;
    return {};
}

/// Names of values, which are said for the key that a message is about, and elsewhere unless they are common
/// words.
const std::vector<TypedName>& valueNames() {
    static const std::vector<TypedName> names = [] {
        std::vector<TypedName> all;
        for (const auto& [key, value, title] : choiceNames())
            all.push_back({QRegularExpression(wholeWord(value)), toQt(title), key,
                           value.find('-') == std::string_view::npos});
        return all;
    }();
    return names;
}

/// "loss logistic" and "regularizer l2:0.1".
const std::vector<TypedName>& pairNames() {
    static const std::vector<TypedName> names = [] {
        std::vector<TypedName> all;
        for (const auto& [key, value, title] : choiceNames()) {
            const QString pair = "(?<![\\w-])" + toQt(key) + " " + QRegularExpression::escape(toQt(value));
            const QString shown = titleOf(key) + " " + toQt(title);
            all.push_back({QRegularExpression(pair + ":(?=\\S)"), shown + " "});
            all.push_back({QRegularExpression(pair + "(?![\\w-])"), shown});
        }
        return all;
    }();
    return names;
}

const std::vector<TypedName>& keyNames() {
    static const std::vector<TypedName> names = [] {
        std::vector<TypedName> all;
        for (const auto& [key, label] : kSettingNames) {
            const QString name = toQt(key);
            if (key.find('_') != std::string_view::npos)
                all.push_back({QRegularExpression(wholeWord(key)), titleOf(key)});
            else // a common word, unless a value follows
                all.push_back({QRegularExpression("(?<![\\w-])" + name + "(?= (?:\\d|cpu|opencl))|(?<=set )" +
                                                  name + "(?= to)"),
                               titleOf(key)});
        }
        return all;
    }();
    return names;
}

} // namespace

QString labelOf(std::string_view key) {
    for (const auto& [name, label] : kSettingNames)
        if (name == key)
            return QCoreApplication::translate("Settings", label);
    return toQt(key);
}

QString titleOf(std::string_view key) {
    return labelOf(key).remove('&');
}

QString valueTitle(std::string_view key, const std::string& value) {
    const std::string name = value.substr(0, value.find(':'));
    for (const auto& choice : choiceNames())
        if (choice.key == key && choice.value == name)
            return toQt(choice.title);
    return QString::fromStdString(value);
}

QString inWindowWords(const std::string& message) {
    QString text = QString::fromStdString(message);
    for (const auto& [flag, name] : flagNames())
        text.replace(flag, name);
    const std::string_view about = keyAhead(text);
    if (!about.empty())
        text.remove(0, static_cast<qsizetype>(about.size()));
    if (about == "model_bits" || about == "gradient_bits")
        text.replace("; use 32", QCoreApplication::translate("Settings", "; choose off"));
    for (const TypedName& pair : pairNames())
        text.replace(pair.typed, pair.shown);
    for (const TypedName& value : valueNames())
        if (!value.common || value.key == about)
            text.replace(value.typed, value.shown);
    for (const TypedName& key : keyNames())
        text.replace(key.typed, key.shown);
    text.replace(" bits bits", " bits"); // of "model_bits bits"
    return about.empty() ? text : titleOf(about) + text;
}

} // namespace zipml::ui
