#include "Modules/ModuleManager.h"

IMPLEMENT_MODULE(FDefaultModuleImpl, A2FWSEditor)
