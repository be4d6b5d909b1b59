#include "FileHead.h"

#include "A2FStreamComponent.h"
#include "Materials/MaterialInterface.h"
#include "Misc/FileHelper.h"
#include "Misc/Paths.h"
#include "ProceduralMeshComponent.h"

namespace
{
TArray<FVector> VectorsOf(const std::vector<float>& Floats)
{
	TArray<FVector> Vectors;
	for (std::size_t Index = 0; Index + 2 < Floats.size(); Index += 3)
	{
		Vectors.Add(FVector(Floats[Index], Floats[Index + 1], Floats[Index + 2]));
	}
	return Vectors;
}

TArray<FLinearColor> ColorsOf(const std::vector<float>& Floats)
{
	TArray<FLinearColor> Colors;
	for (std::size_t Index = 0; Index + 3 < Floats.size(); Index += 4)
	{
		Colors.Add(FLinearColor(Floats[Index], Floats[Index + 1], Floats[Index + 2], Floats[Index + 3]));
	}
	return Colors;
}
}

AFileHead::AFileHead()
{
	PrimaryActorTick.bCanEverTick = true;
	SetRootComponent(CreateDefaultSubobject<USceneComponent>(TEXT("Root")));
	Stream = CreateDefaultSubobject<UA2FStreamComponent>(TEXT("Stream"));
	// Its shapes have the names of this rig, tongue included.
	Stream->Rig = TEXT("arkit");
}

FString AFileHead::FindFile()
{
	const FString File = FPaths::ConvertRelativePathToFull(FPaths::ProjectDir(), TEXT("../engines/head.glb"));
	return FPaths::FileExists(File) ? File : FString();
}

void AFileHead::BeginPlay()
{
	Super::BeginPlay();
	TArray<uint8> Content;
	const FString File = FindFile();
	if (!File.IsEmpty() && FFileHelper::LoadFileToArray(Content, *File))
	{
		head::ReadHead(Content.GetData(), static_cast<std::size_t>(Content.Num()), Parts);
	}
	Build();
	AddTickPrerequisiteComponent(Stream);
}

void AFileHead::Build()
{
	// The engine's own material that shows vertex colours; without it the head is grey.
	UMaterialInterface* Material = LoadObject<UMaterialInterface>(nullptr, TEXT("/Engine/EngineDebugMaterials/VertexColorMaterial.VertexColorMaterial"));
	for (const head::Part& Part : Parts)
	{
		UProceduralMeshComponent* Mesh = NewObject<UProceduralMeshComponent>(this);
		Mesh->SetupAttachment(GetRootComponent());
		Mesh->RegisterComponent();
		TArray<int32> Triangles;
		for (const std::uint32_t Index : Part.indices)
		{
			Triangles.Add(static_cast<int32>(Index));
		}
		Mesh->CreateMeshSection_LinearColor(0, VectorsOf(Part.positions), Triangles, VectorsOf(Part.normals), TArray<FVector2D>(), ColorsOf(Part.colors), TArray<FProcMeshTangent>(), false);
		if (Material != nullptr)
		{
			Mesh->SetMaterial(0, Material);
		}
		Meshes.Add(Mesh);
	}
}

void AFileHead::Show(int32 Index)
{
	const head::Part& Part = Parts[static_cast<std::size_t>(Index)];
	if (Part.shapes.empty())
	{
		return;
	}
	Weights.assign(Part.shapes.size(), 0.f);
	for (std::size_t Shape = 0; Shape < Part.shapes.size(); ++Shape)
	{
		const int32 At = Names.IndexOfByKey(FName(UTF8_TO_TCHAR(Part.shapes[Shape].name.c_str())));
		if (At != INDEX_NONE && At < Values.Num())
		{
			Weights[Shape] = Values[At];
		}
	}
	head::Pose(Part, Weights, Posed);
	Positions = VectorsOf(Posed);
	// Empty arrays leave normals and colours as they are.
	Meshes[Index]->UpdateMeshSection_LinearColor(0, Positions, TArray<FVector>(), TArray<FVector2D>(), TArray<FLinearColor>(), TArray<FProcMeshTangent>());
}

void AFileHead::Tick(float DeltaTime)
{
	Super::Tick(DeltaTime);
	Stream->CopyPose(Names, Values);
	for (int32 Index = 0; Index < Meshes.Num(); ++Index)
	{
		Show(Index);
	}
}
