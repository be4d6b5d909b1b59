/** Templates, containers and texts of the module Core, for a syntax check; `Core.h` includes it. */
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

using int8 = std::int8_t;
using int16 = std::int16_t;
using int32 = std::int32_t;
using int64 = long long;
using uint8 = std::uint8_t;
using uint16 = std::uint16_t;
using uint32 = std::uint32_t;
using uint64 = unsigned long long;
using SIZE_T = std::size_t;
using TCHAR = char16_t;


// API/Runtime/Core/Templates: ESPMode, TSharedPtr, TSharedRef, TWeakPtr, TSharedFromThis, MakeShared
enum class ESPMode : uint8 { NotThreadSafe, ThreadSafe };
template <class T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedRef;
template <class T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedPtr {
 public:
  TSharedPtr() = default;
  TSharedPtr(std::nullptr_t) {}
  explicit TSharedPtr(T* object);
  template <class U>
  TSharedPtr(const TSharedPtr<U, Mode>& other) : object_(other.Get()) {}
  template <class U>
  TSharedPtr(const TSharedRef<U, Mode>& other) : object_(&other.Get()) {}
  bool IsValid() const;
  T* Get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  void Reset();
  explicit operator bool() const;

 private:
  T* object_ = nullptr;
};
template <class T, ESPMode Mode>
class TSharedRef {
 public:
  template <class U>
  TSharedRef(const TSharedRef<U, Mode>& other) : object_(&other.Get()) {}
  explicit TSharedRef(T* object) : object_(object) {}
  T& Get() const { return *object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }

 private:
  T* object_ = nullptr;
};
template <class T, ESPMode Mode = ESPMode::ThreadSafe, class... Args>
TSharedRef<T, Mode> MakeShared(Args&&... args) {
  return TSharedRef<T, Mode>(new T(std::forward<Args>(args)...));
}
template <class T>
class TSharedFromThis {};

// API/Runtime/Core/Templates: TUniquePtr, MakeUnique, TPimplPtr, MakePimpl, TOptional, TFunction
template <class T>
using TUniquePtr = std::unique_ptr<T>;
template <class T, class... Args>
TUniquePtr<T> MakeUnique(Args&&... args) {
  return std::make_unique<T>(std::forward<Args>(args)...);
}
template <class T>
class TPimplPtr {
 public:
  bool IsValid() const;
  T* Get() const;
  T* operator->() const;
  void Reset();
};
template <class T, class... Args>
TPimplPtr<T> MakePimpl(Args&&... args) {
  delete new T(std::forward<Args>(args)...);
  return {};
}
template <class T>
class TOptional {
 public:
  bool IsSet() const;
  const T& GetValue() const;
  void Reset();
  template <class... Args>
  void Emplace(Args&&... args) {
    delete new T(std::forward<Args>(args)...);
  }
};
template <class Signature>
using TFunction = std::function<Signature>;
template <class T>
std::remove_reference_t<T>&& MoveTemp(T&& value) {
  return static_cast<std::remove_reference_t<T>&&>(value);
}
template <class T>
class TGuardValue {
 public:
  TGuardValue(T& value, T in_scope);
};

// API/Runtime/Core/Containers: TArray, TMap, TSet, TPair
template <class K, class V>
struct TPair {
  K Key;
  V Value;
  TPair() = default;
  TPair(K key, V value) : Key(key), Value(value) {}
};
template <class T>
class TArray {
 public:
  TArray() = default;
  TArray(TArray&&) = default;
  TArray(const TArray&) = default;
  TArray& operator=(TArray&&) = default;
  TArray& operator=(const TArray&) = default;
  int32 Num() const;
  T* GetData();
  const T* GetData() const;
  T& operator[](int32 index);
  const T& operator[](int32 index) const;
  int32 Add(T&& value);
  int32 Add(const T& value);
  int32 AddUnique(const T& value);
  T& AddDefaulted_GetRef();
  template <class... Args>
  int32 Emplace(Args&&... args) {
    return Add(T(std::forward<Args>(args)...));
  }
  void RemoveAt(int32 index);
  void Append(const T* values, int32 count);
  void Append(const TArray& other);
  int32 Remove(const T& value);
  void Reset(int32 slack = 0);
  void Init(const T& value, int32 count);
  void SetNumUninitialized(int32 count);
  T& Last(int32 back = 0);
  int32 IndexOfByKey(const T& key) const;
  T* begin();
  T* end();
  const T* begin() const;
  const T* end() const;
};
template <class K, class V>
class TMap {
 public:
  V& Add(const K& key, const V& value);
  const TPair<K, V>* begin() const;
  const TPair<K, V>* end() const;
};
template <class T>
class TSet {
 public:
  int Add(const T& value, bool* is_already_in_set = nullptr);
  void Empty(int expected = 0);
  const T* begin() const;
  const T* end() const;
};

// API/Runtime/Core/Containers/FString, UObject/FName, Internationalization/FText
class FString {
 public:
  FString();
  FString(const TCHAR* text);
  const TCHAR* operator*() const;
  bool IsEmpty() const;
  void Reset();
  bool Contains(const TCHAR* text) const;
  bool FindChar(TCHAR letter, int32& index) const;
  FString Left(int32 count) const;
  FString Mid(int32 start) const;
  FString TrimEnd() const;
  int32 ParseIntoArray(TArray<FString>& parts, const TCHAR* delimiter) const;
  FString& operator+=(const FString& other);
  template <class... Args>
  static FString Printf(const TCHAR* format, Args... args) {
    (static_cast<void>(args), ...);
    return FString(format);
  }
};
FString operator+(const FString& a, const FString& b);
bool operator==(const FString& a, const FString& b);
uint32 GetTypeHash(const FString& text);
class FName {
 public:
  FName();
  FName(const TCHAR* text);
  bool IsNone() const;
  FString ToString() const;
};
bool operator==(const FName& a, const FName& b);
class FText {};
struct FCString {
  static float Atof(const TCHAR* text);
};
struct FUtf8Text {
  operator const char*() const;
};
struct FTcharText {
  operator const TCHAR*() const;
};
FUtf8Text TCHAR_TO_UTF8(const TCHAR* text);
FTcharText UTF8_TO_TCHAR(const char* text);
