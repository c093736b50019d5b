#include "ui/training/quantization_section.h"

#include "core/lab/arithmetic_choice.h"
#include "core/lab/rules.h"
#include "core/quant/sample_store.h"
#include "ui/training/midrun_bar.h"
#include "ui/training/slope_dialog.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QStandardItemModel>

#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

constexpr int kOff = 0; ///< a channel's spin box at "off"

int toSpin(int bits) {
    return bits == VectorQuantizer::kOff ? kOff : bits;
}

int fromSpin(const QSpinBox* spin) {
    return spin->value() == kOff ? VectorQuantizer::kOff : spin->value();
}

bool isRegularizer(RegularizerKind kind, const QString& numbers) {
    try {
        parseRegularizer(std::string(nameOf(kind)) + ":" + numbers.trimmed().toStdString());
        return true;
    } catch (const InputError&) {
        return false;
    }
}

} // namespace

QuantizationSection::QuantizationSection(QWidget* parent)
    : PanelSection(tr("Model and quantization"), parent) {
    buildEstimator();
    buildSamples();
    buildLoss();
    buildRounding();
    buildChannels();
    for (auto* combo : {loss_, regularizer_, estimator_, grid_, store_, arithmetic_})
        connect(combo, &QComboBox::currentIndexChanged, this, &QuantizationSection::updateAvailability);
    connect(regularizer_, &QComboBox::currentIndexChanged, this, [this] {
        const auto kind = chosen<RegularizerKind>(regularizer_);
        if (kind != RegularizerKind::None && !isRegularizer(kind, regularizerDetail_->text()))
            regularizerDetail_->setText(toQt(rowOf(kind).usual)); // the numbers there are of another kind
    });
    connect(loss_, &QComboBox::activated, this, [this] { chooseLoss(loss()); });
    // Choosing it by hand means wanting all three streams rounded.
    connect(estimator_, &QComboBox::activated, this, [this] {
        constexpr int kUsualBits = 8;
        if (!estimatorOf(chosen<EstimatorKind>(estimator_)).roundsChannels)
            return;
        for (auto* spin : {modelBits_, gradientBits_})
            if (spin->value() == kOff)
                spin->setValue(kUsualBits);
    });
    for (auto* spin : {bits_, copies_, modelBits_, gradientBits_, degree_})
        connect(spin, &QSpinBox::valueChanged, this, &QuantizationSection::updateAvailability);
}

LossKind QuantizationSection::loss() const {
    return chosen<LossKind>(loss_);
}

void QuantizationSection::chooseLoss(LossKind loss) {
    choose(loss_, loss);
    if (!whyNotWith(chosen<EstimatorKind>(estimator_), loss).empty())
        choose(estimator_, EstimatorKind::Double); // goes with every loss
}

void QuantizationSection::buildLoss() {
    beginGroup(tr("Loss and regularizer"), "lossGroup");
    loss_ = add(new QComboBox(this), "loss");
    fill<LossKind>(loss_);
    classWeights_ = add(new QLineEdit(this), "class_weights", true);
    classWeights_->setPlaceholderText(tr("positive, negative"));
    regularizer_ = add(new QComboBox(this), "regularizer");
    fill<RegularizerKind>(regularizer_);
    regularizerDetail_ = new QLineEdit(this);
    regularizerDetail_->setObjectName("regularizerDetail");
    addLabelled(QString(), regularizerDetail_, regularizerDetail_);
}

void QuantizationSection::buildEstimator() {
    estimator_ = add(new QComboBox(this), "estimator");
    fill<EstimatorKind>(estimator_);
    buildNonLinear();
}

/// What the estimators for slopes that are not linear ask for.
void QuantizationSection::buildNonLinear() {
    degree_ = add(new QSpinBox(this), "degree", true);
    degree_->setRange(1, PolynomialSpec::kMostDegree);
    interval_ = add(new QDoubleSpinBox(this), "interval", true);
    interval_->setRange(0.1, 1000);
    interval_->setDecimals(3);
    interval_->setSingleStep(0.5);
    interval_->setPrefix("±");
    band_ = add(new QDoubleSpinBox(this), "band", true);
    band_->setRange(0.01, 1);
    band_->setDecimals(3);
    band_->setSingleStep(0.05);
    band_->setPrefix("±");
    slope_ = new QPushButton(tr("Show the curve…"), this);
    slope_->setObjectName("showSlope");
    slope_->setToolTip(tr("The polynomial over the slope that it stands for, and its error"));
    addLabelled(QString(), slope_, slope_);
    connect(slope_, &QPushButton::clicked, this, [this] {
        if (slopeDialog_ == nullptr)
            slopeDialog_ = new SlopeDialog(this);
        slopeDialog_->show();
        showSlope();
    });
    connect(degree_, &QSpinBox::valueChanged, this, &QuantizationSection::showSlope);
    for (auto* box : {interval_, band_})
        connect(box, &QDoubleSpinBox::valueChanged, this, &QuantizationSection::showSlope);
    certificate_ = add(new QComboBox(this), "certificate", true);
    fill<CertificateKind>(certificate_);
}

/// Levels by hand are placed on another page; there are none before.
void QuantizationSection::greyGivenLevels() {
    QStandardItem* item = qobject_cast<QStandardItemModel*>(grid_->model())
                              ->item(grid_->findData(static_cast<int>(GridKind::Given)));
    const bool any = given_.size() > 1;
    item->setEnabled(any);
    item->setToolTip(any ? tr("%1 levels, placed on the Quantizer page").arg(given_.size())
                         : tr("Place levels on the Quantizer page and choose Use in training there"));
}

void QuantizationSection::showSlope() {
    const auto loss = chosen<LossKind>(loss_);
    if (slopeDialog_ == nullptr || !slopeDialog_->isVisible())
        return;
    if (isQuadratic(loss))
        slopeDialog_->hide(); // its slope is a straight line
    else
        slopeDialog_->showPolynomial(loss, {degree_->value(), interval_->value(), band_->value()});
}

/// Estimators that do not go with the loss cannot be chosen, and say why.
void QuantizationSection::greyEstimators() {
    const auto* entries = qobject_cast<QStandardItemModel*>(estimator_->model());
    for (const auto& entry : namesOf<EstimatorKind>()) {
        QStandardItem* item = entries->item(estimator_->findData(static_cast<int>(entry.value)));
        const std::string why = whyNotWith(entry.value, chosen<LossKind>(loss_));
        item->setEnabled(why.empty());
        item->setToolTip(why.empty() ? toQt(entry.summary) : inWindowWords(why));
    }
}

void QuantizationSection::buildSamples() {
    bits_ = new QSpinBox(this);
    bits_->setRange(1, 16);
    bits_->setSuffix(tr(" bits"));
    bits_->setObjectName("bits");
    bits_->setAccessibleName(tr("Bits"));
    bitsSlider_ = new QSlider(Qt::Horizontal, this);
    bitsSlider_->setRange(1, 16);
    bitsSlider_->setPageStep(1);
    bitsSlider_->setTickPosition(QSlider::TicksBelow);
    bitsSlider_->setTickInterval(1);
    bitsSlider_->setObjectName("bitsSlider");
    bitsSlider_->setAccessibleName(tr("Bits, slider"));
    connect(bits_, &QSpinBox::valueChanged, bitsSlider_, &QSlider::setValue);
    connect(bitsSlider_, &QSlider::valueChanged, bits_, &QSpinBox::setValue);
    connect(bits_, &QSpinBox::valueChanged, this, &QuantizationSection::bitsChanged);
    auto* both = new QWidget(this);
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(bitsSlider_, 1);
    row->addWidget(bits_);
    addLabelled(labelOf("bits"), both, bits_);
    addSetting("bits", bits_);
    levels_ = addNote("levels");
    levels_->setWordWrap(false);
    grid_ = add(new QComboBox(this), "grid");
    fill<GridKind>(grid_);
    candidates_ = new QSpinBox(this);
    candidates_->setRange(4, 1'000'000);
    candidates_->setSuffix(tr(" candidates"));
    candidates_->setObjectName("candidates");
    candidates_->setAccessibleName(tr("Candidate levels"));
    addLabelled(QString(), candidates_, candidates_);
    midrun_ = new MidrunBar(this);
    form_->addRow(midrun_);
}

void QuantizationSection::buildRounding() {
    beginGroup(tr("Rounding of the samples"), "roundingGroup");
    store_ = add(new QComboBox(this), "store");
    fill<StoreKind>(store_);
    sharedGrid_ = add(new QCheckBox(tr("one for all features"), this), "shared_grid");
    copies_ = add(new QSpinBox(this), "copies");
    copies_->setRange(2, kMostCopies);
    rounding_ = add(new QComboBox(this), "rounding");
    fill<RoundingTime>(rounding_);
    arithmetic_ = add(new QComboBox(this), "arithmetic");
    fill<Arithmetic>(arithmetic_);
}

void QuantizationSection::buildChannels() {
    beginGroup(tr("Model and gradient"), "channelsGroup");
    modelBits_ = add(new QSpinBox(this), "model_bits");
    gradientBits_ = add(new QSpinBox(this), "gradient_bits");
    for (auto* spin : {modelBits_, gradientBits_}) {
        spin->setRange(kOff, 16);
        spin->setSpecialValueText(tr("off (32-bit floats)"));
        spin->setSuffix(tr(" bits"));
    }
    vectorScale_ = add(new QComboBox(this), "vector_scale");
    fill<VectorScale>(vectorScale_);
}

/// Enables a control, or says why the run does not read it, or what another value would break.
/// @param other a value that is not the usual one. @return whether the control's value counts
bool QuantizationSection::offer(QWidget* control, const char* key, const RunSpec& spec,
                                const nlohmann::json& other) {
    const QString unused = QString::fromStdString(whyUnused(spec, key));
    const auto conflict = whyNotChoose(spec, key, other);
    refused_[control] = unused.isEmpty() && conflict;
    setAvailable(control, unused.isEmpty() && !conflict, key,
                 unused.isEmpty() && conflict ? inWindowWords(conflict->message()) : unused);
    return control->isEnabled();
}

/// What has been decided decides what is left: the store the bits, the grid and the copies, and so on.
void QuantizationSection::updateAvailability() {
    const Estimator& estimator = estimatorOf(chosen<EstimatorKind>(estimator_));
    const bool quantized = estimator.quantized();
    greyEstimators();
    greyGivenLevels();
    RunSpec spec;
    spec.loss = chosen<LossKind>(loss_);
    spec.estimator = estimator.kind;
    spec.polynomial.degree = degree_->value();
    if (offer(store_, "store", spec, nameOf(StoreKind::AnyPrecision)))
        spec.store = chosen<StoreKind>(store_);
    const bool anyPrecision = spec.store == StoreKind::AnyPrecision;
    int mostBits = 16;
    while (whyNotChoose(spec, "bits", mostBits))
        --mostBits;
    bits_->setMaximum(mostBits);
    bitsSlider_->setMaximum(mostBits);
    offer(bits_, "bits", spec, mostBits);
    offer(bitsSlider_, "bits", spec, mostBits);
    spec.bits = bits_->value();
    offer(grid_, "grid", spec, nameOf(GridKind::Optimal));
    offer(sharedGrid_, "shared_grid", spec, true);
    offer(rounding_, "rounding", spec, nameOf(RoundingTime::Epoch));
    if (offer(copies_, "copies", spec, 3))
        spec.copies = copies_->value();
    if (offer(arithmetic_, "arithmetic", spec, nameOf(Arithmetic::Integer)))
        spec.arithmetic = chosen<Arithmetic>(arithmetic_);
    if (offer(modelBits_, "model_bits", spec, 8))
        spec.modelBits = fromSpin(modelBits_);
    spec.gradientBits = fromSpin(gradientBits_);
    offer(vectorScale_, "vector_scale", spec, nameOf(VectorScale::Largest));
    const bool polynomial = estimator.needs == Needs::Polynomial;
    showRow(degree_, polynomial);
    showRow(interval_, polynomial);
    showRow(slope_, polynomial);
    showSlope();
    showRow(band_, whyUnused(spec, "band").empty());
    showRow(certificate_, whyUnused(spec, "certificate").empty());
    const QString why = QString::fromStdString(whyUnused(spec, "grid"));
    candidates_->setEnabled(quantized);
    candidates_->setToolTip(
        quantized ? tr("Points that levels may be placed on, half by rank and half by value") : why);
    showRow(candidates_, chosen<GridKind>(grid_) == GridKind::Candidates);

    const auto regularizer = chosen<RegularizerKind>(regularizer_);
    showRow(classWeights_, !isQuadratic(chosen<LossKind>(loss_)));
    showRow(regularizerDetail_, regularizer != RegularizerKind::None);
    const QString wanted = toQt(rowOf(regularizer).numbersAre);
    labelOfRow(regularizerDetail_)->setText("    " + wanted);
    regularizerDetail_->setAccessibleName(tr("Regularizer's numbers: %1").arg(wanted));
    regularizerDetail_->setToolTip(toQt(entryOf(regularizer).summary));

    const int stored = SampleStore::bitsPerCode({bits_->value(), std::max(1, copiesOf(spec)), {}, 0});
    const int levels = anyPrecision ? (1 << (bits_->value() - 1)) + 1 : 1 << bits_->value();
    levels_->setText(quantized ? tr("%1 levels a feature, %2 %3")
                                     .arg(levels)
                                     .arg(stored == 1 ? tr("1 bit") : tr("%1 bits").arg(stored),
                                          anyPrecision ? tr("read") : tr("stored"))
                               : tr("32-bit floats, not quantized"));
    levels_->setToolTip(
        !quantized ? tr("Full precision trains on the samples as they are")
        : anyPrecision
            ? tr("%1 bits tell 2^%2 + 1 = %3 levels apart; that many bit planes of the store are read "
                 "for a value, and one more for each further rounding")
                  .arg(spec.bits)
                  .arg(spec.bits - 1)
                  .arg(levels)
        : copiesOf(spec) > 1
            ? tr("%1 bits tell 2^%1 = %2 levels of a feature apart. The code that is stored for a value "
                 "holds %3 "
                 "roundings of it, which lie on the same or on neighbouring levels: that takes %4 bits")
                  .arg(spec.bits)
                  .arg(levels)
                  .arg(copiesOf(spec))
                  .arg(stored)
            : tr("%1 bits tell 2^%1 = %2 levels of a feature apart; the code that is stored for a value is "
                 "the "
                 "level's number")
                  .arg(spec.bits)
                  .arg(levels));
}

void QuantizationSection::showArithmetic(RunSpec whole) {
    whole.arithmetic = Arithmetic::Auto;
    const ArithmeticChoice choice = arithmeticOf({.spec = whole});
    const QString takes = tr("%1 takes %2 here: %3")
                              .arg(toQt(entryOf(Arithmetic::Auto).title), toQt(entryOf(choice.taken).title),
                                   inWindowWords(choice.why));
    qobject_cast<QStandardItemModel*>(arithmetic_->model())
        ->item(arithmetic_->findData(static_cast<int>(Arithmetic::Auto)))
        ->setToolTip(takes);
    if (arithmetic_->isEnabled())
        arithmetic_->setToolTip(helpOf("arithmetic") + "\n\n" + takes);
}

void QuantizationSection::setSpec(const RunSpec& spec) {
    choose(loss_, spec.loss);
    classWeights_->setText(QString::fromStdString(toString(spec.classWeights)));
    choose(regularizer_, spec.regularizer.kind);
    const QString numbers = behindColon(toString(spec.regularizer));
    regularizerDetail_->setText(numbers);
    choose(estimator_, spec.estimator);
    degree_->setValue(spec.polynomial.degree);
    interval_->setValue(spec.polynomial.interval);
    band_->setValue(spec.polynomial.band);
    choose(certificate_, spec.certificate);
    choose(store_, spec.store); // decides how many bits there can be
    bits_->setValue(spec.bits == VectorQuantizer::kOff ? RunSpec{}.bits : spec.bits);
    choose(arithmetic_, spec.arithmetic);
    if (spec.grid.levels.size() > 1)
        given_ = spec.grid.levels;
    choose(grid_, spec.grid.kind);
    candidates_->setValue(static_cast<int>(spec.grid.candidates));
    sharedGrid_->setChecked(spec.sharedGrid);
    copies_->setValue(spec.copies);
    choose(rounding_, spec.sgd.rounding);
    modelBits_->setValue(toSpin(spec.modelBits));
    gradientBits_->setValue(toSpin(spec.gradientBits));
    choose(vectorScale_, spec.vectorScale);
    updateAvailability();
}

void QuantizationSection::read(RunSpec& spec) const {
    spec.loss = chosen<LossKind>(loss_);
    spec.classWeights = isQuadratic(spec.loss)
                            ? ClassWeights{}
                            : parseClassWeights(classWeights_->text().remove(' ').toStdString());
    const auto regularizer = chosen<RegularizerKind>(regularizer_);
    std::string text(nameOf(regularizer));
    if (regularizer != RegularizerKind::None)
        text += (":" + regularizerDetail_->text().trimmed()).toStdString();
    spec.regularizer = parseRegularizer(text);
    spec.estimator = chosen<EstimatorKind>(estimator_);
    spec.bits = bits_->value();
    spec.polynomial = {degree_->value(), interval_->value(), band_->value()};
    spec.certificate = chosen<CertificateKind>(certificate_);
    const RunSpec usual;
    spec.store = store_->isEnabled() ? chosen<StoreKind>(store_) : usual.store;
    spec.arithmetic = chosen<Arithmetic>(arithmetic_);
    if (spec.arithmetic == Arithmetic::Integer && !arithmetic_->isEnabled())
        spec.arithmetic = usual.arithmetic;
    spec.grid = {refused_.at(grid_) ? usual.grid.kind : chosen<GridKind>(grid_),
                 static_cast<std::size_t>(candidates_->value())};
    if (spec.grid.kind == GridKind::Given)
        spec.grid.levels = given_;
    spec.sharedGrid = sharedGrid_->isChecked();
    spec.copies = refused_.at(copies_) ? usual.copies : copies_->value();
    spec.sgd.rounding = chosen<RoundingTime>(rounding_);
    spec.modelBits = modelBits_->isEnabled() ? fromSpin(modelBits_) : VectorQuantizer::kOff;
    spec.gradientBits = fromSpin(gradientBits_);
    spec.vectorScale = chosen<VectorScale>(vectorScale_);
}

} // namespace zipml::ui
