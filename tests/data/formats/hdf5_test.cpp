// HDF5 files: as h5py reads them, which data set is the matrix, and what is refused.

#include "tests/data/formats/reference_cases.h"

using namespace zipml;

class Hdf5Test : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    test::DataFiles files_;

    [[nodiscard]] std::filesystem::path written(const char* name) const {
        return folder_.path().toStdString() + "/" + name;
    }
    QString errorOf(const char* name, const LoadOptions& options = {}) const {
        try {
            loadData(written(name), options);
        } catch (const InputError& error) {
            return QString::fromUtf8(error.what()).remove(folder_.path() + "/");
        }
        return {};
    }

  private slots:
    void readsAsH5py_data() { test::addReferenceCases(folder_, "hdf5"); }
    void readsAsH5py() { COMPARE_WITH_REFERENCE(folder_); }

    void namesColumns() {
        if (!std::filesystem::exists(written("cases.json"))) // by readsAsH5py_data
            QSKIP("no Python environment with h5py in build/venv: ./dev test makes it, from the network");
        LoadOptions options;
        options.labels = "obs/age";
        const LoadedData cells = loadData(written("csr_int32.h5ad"), options);
        QCOMPARE(cells.data.featureNames.at(10), std::string("gene10"));
        QCOMPARE(cells.labelName, std::string("age"));
        QVERIFY(cells.data.schema->classNames().empty());
        options = {};
        options.labelColumn = "none";
        QCOMPARE(loadData(written("tenx.h5"), options).data.featureNames.at(3), std::string("ENSG3"));
    }

    void refuses_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("matrix");
        QTest::addColumn<QString>("message");
        QTest::newRow("several") << "parts.h5"
                                 << ""
                                 << "parts.h5: holds 'test/X' (9, 7), 'test/y' (9,), 'train/X' (301, 7), "
                                    "'train/y' (301,); choose the values with --matrix NAME";
        QTest::newRow("absent") << "parts.h5"
                                << "train/Z"
                                << "parts.h5: 'train/Z' does not exist; the file holds 'test/X'";
        QTest::newRow("group") << "parts.h5"
                               << "train"
                               << "parts.h5: 'train' is a group";
        QTest::newRow("texts") << "text_fixed.h5"
                               << "y"
                               << "text_fixed.h5: 'y' is a column of texts";
        QTest::newRow("records") << "records.h5"
                                 << ""
                                 << "records.h5: 'X' is a table of records";
        QTest::newRow("elsewhere") << "virtual.h5"
                                   << ""
                                   << "virtual.h5: 'X' has its values in other files";
        QTest::newRow("filter") << "filter.h5"
                                << ""
                                << "filter.h5: 'X' is packed with the filter ";
        QTest::newRow("promise")
            << "promise.h5"
            << ""
            << "promise.h5: 'X' is said to hold (1125899906842624, 4) values, and the file "
               "has too few bytes";
        QTest::newRow("sparse promise") << "sparse.h5"
                                        << ""
                                        << "sparse.h5: 'X/indptr' and its neighbours do not "
                                           "fit together";
        QTest::newRow("sparse place") << "place.h5"
                                      << ""
                                      << "place.h5: 'X/indices' has the index 7";
        QTest::newRow("columns") << "columns.h5"
                                 << ""
                                 << "columns.h5: 'X' has a column for each of the 9 labels in 'y'";
    }
    void refuses() {
        if (!std::filesystem::exists(written("cases.json"))) // by readsAsH5py_data
            QSKIP("no Python environment with h5py in build/venv: ./dev test makes it, from the network");
        QFETCH(QString, name);
        QFETCH(QString, matrix);
        QFETCH(QString, message);
        LoadOptions options;
        options.matrix = matrix.toStdString();
        const QString error = errorOf(qPrintable(name), options);
        QVERIFY2(error.startsWith(message) && !error.contains('\n'), qPrintable(error));
    }

    void refusesWhatIsCutShort_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"tiny_plain.h5", "tiny_texts.h5", "tiny_sparse.h5"})
            QTest::newRow(name) << name;
    }
    void refusesWhatIsCutShort() {
        if (!std::filesystem::exists(written("cases.json"))) // by readsAsH5py_data
            QSKIP("no Python environment with h5py in build/venv: ./dev test makes it, from the network");
        QFETCH(QString, name);
        const std::string bytes = readFile(written(qPrintable(name)));
        QVERIFY(!files_.load(bytes).data.values.empty());
        LoadOptions options;
        options.format = "hdf5";
        LoadContext context;
        context.threads = 1;
        for (std::size_t cut = 1; cut < bytes.size(); cut += cut < 128 ? 1 : 13) {
            const QString error = files_.errorOf(bytes.substr(0, cut), options, context);
            QVERIFY2(error.startsWith("data: ") && !error.contains('\n'), qPrintable(error));
        }
    }
};

QTEST_GUILESS_MAIN(Hdf5Test)
#include "hdf5_test.moc"
