#include "seedbed/engines/adopt/soci_guarded_statement.hpp"

#include <string>
#include <utility>

#include <soci/soci.h>

namespace seedbed::detail {

namespace {

using soci::details::statement_backend;

class GuardedStatement final : public statement_backend {
 public:
  GuardedStatement(std::unique_ptr<statement_backend> driver, SavepointStack& sandbox)
      : driver_{std::move(driver)}, sandbox_{sandbox} {}

  // Only a statement that is to be repeated goes to the server now.
  void prepare(const std::string& sql, soci::details::statement_type type) override {
    sql_ = sql;
    if (type == soci::details::st_one_time_query) return driver_->prepare(sql, type);
    guarded([&] { driver_->prepare(sql, type); });
  }
  exec_fetch_result execute(int number) override {
    if (std::exchange(has_run_, false)) return driver_->execute(number);
    auto result = ef_success;
    guarded([&] { result = driver_->execute(number); });
    return result;
  }
  // Runs it; the execution that follows takes that result.
  int prepare_for_describe() override {
    int columns = 0;
    guarded([&] { columns = driver_->prepare_for_describe(); });
    has_run_ = true;
    return columns;
  }

  void alloc() override { driver_->alloc(); }
  void clean_up() override { driver_->clean_up(); }
  exec_fetch_result fetch(int number) override { return driver_->fetch(number); }
  long long get_affected_rows() override { return driver_->get_affected_rows(); }
  int get_number_of_rows() override { return driver_->get_number_of_rows(); }
  [[nodiscard]] std::string get_parameter_name(int index) const override {
    return driver_->get_parameter_name(index);
  }
  std::string rewrite_for_procedure_call(const std::string& sql) override {
    return driver_->rewrite_for_procedure_call(sql);
  }
  void describe_column(int number, soci::data_type& type, std::string& name) override {
    driver_->describe_column(number, type, name);
  }
  soci::details::standard_into_type_backend* make_into_type_backend() override {
    return driver_->make_into_type_backend();
  }
  soci::details::standard_use_type_backend* make_use_type_backend() override {
    return driver_->make_use_type_backend();
  }
  soci::details::vector_into_type_backend* make_vector_into_type_backend() override {
    return driver_->make_vector_into_type_backend();
  }
  soci::details::vector_use_type_backend* make_vector_use_type_backend() override {
    return driver_->make_vector_use_type_backend();
  }

 private:
  template <typename Action>
  void guarded(const Action& action) {
    const bool guard = sandbox_.guard_statement(sql_);
    try {
      action();
    } catch (...) {
      if (guard) sandbox_.undo_statement();
      throw;
    }
  }

  std::unique_ptr<statement_backend> driver_;
  SavepointStack& sandbox_;
  std::string sql_;
  bool has_run_ = false;
};

}  // namespace

std::unique_ptr<statement_backend> guarded_statement(std::unique_ptr<statement_backend> driver,
                                                     SavepointStack& sandbox) {
  return std::make_unique<GuardedStatement>(std::move(driver), sandbox);
}

}  // namespace seedbed::detail
